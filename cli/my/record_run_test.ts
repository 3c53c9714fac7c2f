import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Report, StageReport } from "@contract/report.ts";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { workshopOf } from "../testdata/workshop_of.ts";
import { readProgress } from "./progress_file.ts";
import { recordRun } from "./record_run.ts";
import { listSnapshots } from "./snapshots.ts";

const WORKSHOP = workshopOf(["one", "two", "three"]);
const FILES = { "system.ts": "export default 1;" };

function reportWith(
  verdict: Report["verdict"],
  ...statuses: StageReport["status"][]
): Report {
  return {
    verdict,
    finishedAt: "2026-01-01T00:00:00.000Z",
    stages: statuses.map((status, index) => ({
      number: index + 1,
      title: "",
      status,
      checks: [],
      wallMs: 1,
    })),
  } as Partial<Report> as Report;
}

describe("recordRun()", () => {
  it("keeps what passed, counts what ran and snapshots the files", async () => {
    await using my = await temporaryFolder();
    const report = reportWith("partial", "passed", "failed", "skipped");
    await recordRun(my, { workshop: WORKSHOP, files: FILES, report });
    expect((await readProgress(my)).progress.stages).toEqual({
      "03.one": { passedAt: "2026-01-01T00:00:00.000Z", runs: 1 },
      "03.two": { runs: 1 },
    });
    const [snapshot] = await listSnapshots(my, WORKSHOP.slug);
    expect(snapshot!.reason).toBe("failed-at-03.2");
  });

  it("names a snapshot by what the files were worth", async () => {
    const rows: [Report, outcome: string][] = [
      [reportWith("passed", "passed", "passed"), "passed-2-of-3"],
      [reportWith("crashed", "failed"), "crashed-at-03.1"],
      [reportWith("load_error", "failed"), "load_error"],
      [reportWith("infra_error", "inconclusive"), "infra_error"],
    ];
    for (const [report, outcome] of rows) {
      await using my = await temporaryFolder();
      await recordRun(my, { workshop: WORKSHOP, files: FILES, report });
      const [snapshot] = await listSnapshots(my, WORKSHOP.slug);
      expect(snapshot!.reason).toBe(outcome);
    }
  });

  it("keeps a pass although the stage fails later", async () => {
    await using my = await temporaryFolder();
    for (const status of ["passed", "failed"] as const) {
      const report = reportWith("failed", status);
      await recordRun(my, { workshop: WORKSHOP, files: FILES, report });
    }
    expect((await readProgress(my)).progress.stages["03.one"])
      .toEqual({ passedAt: "2026-01-01T00:00:00.000Z", runs: 2 });
  });

  it("takes neither an inconclusive stage nor a canceled run for a verdict", async () => {
    await using my = await temporaryFolder();
    const runs = [
      reportWith("infra_error", "inconclusive"),
      reportWith("canceled", "passed"),
    ];
    for (const report of runs) {
      await recordRun(my, { workshop: WORKSHOP, files: FILES, report });
    }
    expect((await readProgress(my)).progress.stages).toEqual({});
  });
});
