import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  INCONCLUSIVE_REPORT,
  PASSED_REPORT,
  RACE_REPORT,
} from "../../testdata/reports.ts";
import { failures } from "./failures.ts";
import { runOfReport } from "./run_view.ts";

describe("failures()", () => {
  it("finds the check that failed among those that passed or were skipped", () => {
    const found = failures(runOfReport(RACE_REPORT));

    expect(found.map(({ id }) => id)).toEqual(["03.4b"]);
  });

  it("finds nothing in a passed run", () => {
    expect(failures(runOfReport(PASSED_REPORT))).toEqual([]);
  });

  it("puts what does not count last", () => {
    const stages = [...INCONCLUSIVE_REPORT.stages, ...RACE_REPORT.stages];

    const found = failures(runOfReport({ ...RACE_REPORT, stages }));

    expect(found.map(({ status }) => status)).toEqual(["fail", "inconclusive"]);
  });
});
