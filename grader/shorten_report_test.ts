import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type CheckReport,
  type Report,
  REPORT_BYTES_MAX,
} from "@contract/report.ts";
import { shortenReport } from "./shorten_report.ts";

describe("shortenReport()", () => {
  it("leaves a report alone that fits", () => {
    const report = reportOf([failing("90.1a", "short")]);
    expect(shortenReport(report)).toEqual(report);
  });

  it("cuts long lines of several bytes a character to the bound", () => {
    const report = shortenReport(reportOf(
      ["90.1a", "90.1b", "90.1c", "90.1d", "90.1e"]
        .map((id) => failing(id, "€".repeat(4_000))),
    ));
    expect(bytesOf(report)).toBeLessThanOrEqual(REPORT_BYTES_MAX);
    const { failure } = report.stages[0]!.checks[0]!;
    expect(failure!.expected).toMatch(/^€{500,}…$/);
    expect(failure!.logs.length).toBeGreaterThan(0);
  });

  it("keeps to the bound however many checks fail, and keeps what each is", () => {
    const ids = Array.from({ length: 200 }, (_, number) => `90.${number}`);
    const report = shortenReport(reportOf(
      ids.map((id) => failing(id, "\u001b".repeat(4_000))),
    ));
    expect(bytesOf(report)).toBeLessThanOrEqual(REPORT_BYTES_MAX);
    expect(report.stages[0]!.checks.map(({ id }) => id)).toEqual(ids);
    expect(report.summary).toBe("Stage 1 failed");
  });
});

/** A check of which everything is as long as it can be. */
function failing(id: string, text: string): CheckReport {
  return {
    id,
    title: `title of ${id}`,
    kind: "api",
    status: "fail",
    wallMs: 1,
    attempts: 1,
    failure: {
      rule: text,
      sent: text,
      expected: text,
      received: text,
      hint: text,
      logs: Array.from({ length: 20 }, () => text),
      trace: [],
      seed: "seed-1",
    },
  };
}

function reportOf(checks: readonly CheckReport[]): Report {
  return {
    version: 1,
    workshop: "90-scripted",
    verdict: "failed",
    summary: "Stage 1 failed",
    seed: "seed-1",
    floor: "local",
    kitVersion: "0",
    suiteHash: "0",
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: "2026-01-01T00:00:01Z",
    wallMs: 1,
    cpuMs: 1,
    peakMemoryBytes: 1,
    stages: [
      { number: 1, title: "Stage 1", status: "failed", checks, wallMs: 1 },
    ],
    output: "",
    isOutputTruncated: false,
  };
}

function bytesOf(report: Report): number {
  return new TextEncoder().encode(JSON.stringify(report)).length;
}
