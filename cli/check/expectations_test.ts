import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Report, StageReport } from "@contract/report.ts";
import type { CheckStatus, RunVerdict } from "@contract/verdict.ts";
import {
  mutantProblem,
  passProblem,
  siblingsOf,
  slowStages,
  stubProblem,
  undecidedIn,
} from "./expectations.ts";

function reportOf(
  verdict: RunVerdict,
  ...stages: Readonly<Record<string, CheckStatus>>[]
): Report {
  return {
    version: 1,
    workshop: "03-rate-limiter",
    verdict,
    summary: "The summary",
    seed: "s",
    floor: "local",
    kitVersion: "0",
    suiteHash: "0",
    startedAt: "",
    finishedAt: "",
    wallMs: 1,
    cpuMs: 1,
    peakMemoryBytes: 1,
    output: "",
    isOutputTruncated: false,
    stages: stages.map((checks, index): StageReport => ({
      number: index + 1,
      title: "",
      status: "failed",
      wallMs: 1,
      checks: Object.entries(checks).map(([id, status]) => ({
        id,
        title: id,
        kind: "api",
        status,
        wallMs: 1,
        attempts: 1,
      })),
    })),
  };
}

const MUTANT = {
  name: "m",
  check: "03.2a",
  statuses: ["fail"],
  why: "forgets",
  patch: "",
} as const;

describe("slowStages()", () => {
  it("goes by the fastest run of each stage", () => {
    const report = reportOf("passed", {}, {}, {});
    const took = (...wallMs: number[]): Report => ({
      ...report,
      stages: report.stages.map((stage, index) => ({
        ...stage,
        wallMs: wallMs[index]!,
      })),
    });
    expect(slowStages([took(9_000, 3_000, 4_100), took(500, 5_000, 3_900)]))
      .toEqual(["stage 3: 3.9 s"]);
  });
});

describe("passProblem() and undecidedIn()", () => {
  it("tell what could not be decided from a rejection", () => {
    const report = reportOf("infra_error", {
      "03.8a": "pass",
      "03.8b": "inconclusive",
    });
    expect(passProblem(report)).toBeUndefined();
    expect(undecidedIn(report)).toEqual(["03.8b"]);
  });

  it("report a rejection beside something undecided", () => {
    const report = reportOf("failed", {
      "03.8a": "fail",
      "03.8b": "inconclusive",
    });
    expect(passProblem(report)).toBe("failed: 03.8a fail");
  });
});

describe("stubProblem()", () => {
  it("accepts a stub that fails every check of its stage", () => {
    const report = reportOf("failed", { "03.1a": "fail", "03.1b": "fail" });
    expect(stubProblem(report)).toBeUndefined();
  });

  it("refuses a pass, a check that passes, and a stub that does not load", () => {
    expect(stubProblem(reportOf("passed", { "03.1a": "pass" })))
      .toBe("the stub passes");
    expect(
      stubProblem(reportOf("failed", { "03.1a": "fail", "03.1b": "pass" })),
    )
      .toBe("the stub passes 03.1b");
    expect(stubProblem(reportOf("load_error", { "03.1a": "error" })))
      .toBe("load_error instead of failed: The summary");
  });
});

describe("passProblem()", () => {
  it("names the first check that did not pass", () => {
    const report = reportOf("timeout", { "03.1a": "pass", "03.1b": "timeout" });
    expect(passProblem(report)).toBe("timeout: 03.1b timeout");
  });
});

describe("mutantProblem()", () => {
  it("accepts that the named check fails alone or with its siblings", () => {
    const report = reportOf("partial", { "03.1a": "pass" }, {
      "03.2a": "fail",
      "03.2b": "fail",
    });
    expect(mutantProblem(report, MUTANT)).toBeUndefined();
    expect(siblingsOf(report, MUTANT)).toEqual(["03.2b"]);
  });

  it("refuses code that does not come up, unless the mutant says so", () => {
    const report = reportOf("load_error", {}, { "03.2a": "error" });
    expect(mutantProblem(report, MUTANT)).toContain("expected 03.2a to fail");
    const collides = { ...MUTANT, statuses: ["fail", "error"] } as const;
    expect(mutantProblem(report, collides)).toBeUndefined();
  });

  it("refuses a mutant that lives, dies early or dies of something else", () => {
    const rows: [Report, string][] = [
      [
        reportOf("passed", {}, { "03.2a": "pass" }),
        "passes although it forgets",
      ],
      [
        reportOf("failed", { "03.1a": "fail" }, {}),
        "an earlier check ends first",
      ],
      [
        reportOf("partial", {}, { "03.2a": "timeout" }),
        "expected 03.2a to fail",
      ],
      [reportOf("partial", {}, { "03.2b": "fail" }), "03.2a was not run"],
    ];
    for (const [report, problem] of rows) {
      expect(mutantProblem(report, MUTANT)).toContain(problem);
    }
  });
});
