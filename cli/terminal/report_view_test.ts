import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { CheckReport, Report } from "@contract/report.ts";
import { reportText } from "./report_view.ts";

function failing(id: string, rule: string): CheckReport {
  return {
    id,
    title: `title of ${id}`,
    kind: "api",
    status: "fail",
    wallMs: 12,
    attempts: 1,
    failure: { rule, logs: [], trace: [], seed: "abc" },
  };
}

const REPORT: Report = {
  version: 1,
  workshop: "03-rate-limiter",
  verdict: "partial",
  summary: "Stage 2 Buckets: Ten may pass",
  seed: "abc",
  floor: "local",
  kitVersion: "0.1.0",
  suiteHash: "0",
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.234Z",
  wallMs: 1234,
  cpuMs: 1,
  peakMemoryBytes: 1,
  output: "",
  isOutputTruncated: false,
  stages: [{
    number: 2,
    title: "Buckets",
    status: "failed",
    wallMs: 1,
    checks: [
      failing("03.2a", "Ten may pass"),
      {
        id: "03.2b",
        title: "b",
        kind: "api",
        status: "pass",
        wallMs: 1,
        attempts: 1,
      },
      failing("03.2c", "Nothing is lost"),
    ],
  }],
};

describe("reportText()", () => {
  it("shows the first failure in full, folds the rest, and ends with the summary", () => {
    const text = reportText(REPORT, { next: ["Next: change the code"] });
    expect(text).toContain("Ten may pass");
    expect(text).not.toContain("Nothing is lost");
    expect(text.split("\n").slice(-6)).toEqual([
      "Also not passed (--full shows why):",
      "  03.2c title of 03.2c",
      "",
      "FAILED  Stage 2 Buckets: Ten may pass",
      "1 of 3 checks pass · 1.2 s · seed abc · local sandbox",
      "Next: change the code",
    ]);
  });

  it("says once why the code does not load", () => {
    const summary = "system.ts:3:9 does not parse: …\n3 |   const = 1;";
    const report: Report = { ...REPORT, verdict: "load_error", summary };
    const text = reportText(report, { next: ["Next: change the code"] });
    expect(text.split("\n")).toEqual([
      "",
      "DOES NOT LOAD  system.ts:3:9 does not parse: …",
      "3 |   const = 1;",
      "1 of 3 checks pass · 1.2 s · seed abc · local sandbox",
      "Next: change the code",
    ]);
  });

  it("counts what did not run by itself", () => {
    const [stage] = REPORT.stages;
    const checks = stage!.checks.map((check) =>
      check.id === "03.2c" ? { ...check, status: "skipped" as const } : check
    );
    const report: Report = { ...REPORT, stages: [{ ...stage!, checks }] };
    expect(reportText(report, { next: [] })).toContain(
      "1 of 2 checks pass · 1 not run · 1.2 s",
    );
  });

  it("shows every failure in full when asked", () => {
    const text = reportText(REPORT, { isFull: true, next: [] });
    expect(text).toContain("Nothing is lost");
    expect(text).not.toContain("Also not passed");
  });
});
