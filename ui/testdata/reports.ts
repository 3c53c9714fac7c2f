/** Reports of every kind that the page has to draw. */
import type {
  CheckReport,
  Failure,
  Report,
  StageReport,
} from "@contract/report.ts";
import type { CheckKind } from "@contract/manifest.ts";
import type { CheckStatus, RunVerdict } from "@contract/verdict.ts";
import { raceTrace, raceTraceWithSetUp } from "./race_trace.ts";
import { SWEEP_TRACE } from "./sweep_trace.ts";

export const RACE_FAILURE: Failure = {
  rule:
    "Of all requests in one window exactly 10 may pass, however the instances race",
  sent:
    "9 × GET /api/x, then 4 × GET /api/x at once: 2 to A, 2 to B (X-Api-Key: alice)",
  expected: "200 × 10\n429 × 3",
  received: "200 × 13\n429 × 0",
  hint:
    "Each request read the counter before any had written it. Let Redis decide and count in one step: INCR returns the new value to exactly one caller.",
  logs: [
    "A  admit key=alice used=9",
    "B  admit key=alice used=9",
    "A  admit key=alice used=9",
    "B  admit key=alice used=9",
  ],
  trace: raceTrace(),
  seed: "k3v9-2m7q",
};

const SWEEP_FAILURE: Failure = {
  rule: "One order is charged once, whenever the instance dies",
  sent:
    "POST /payments (Idempotency-Key: o-7), killed after the reply to POST /charges, restarted, POST /payments again",
  expected: "1 charge at the bank",
  received: "2 charges at the bank",
  hint:
    "Write down what you are about to do, and send the same key to the bank each time.",
  logs: ["A  charged order 7"],
  trace: SWEEP_TRACE,
  seed: "p8d1-77aa",
};

export const RACE_REPORT = report("03-rate-limiter", "partial", [
  stage(1, "Fixed window and headers", ["pass", "pass", "pass"]),
  stage(2, "Token bucket", ["pass", "pass"]),
  stage(3, "Sliding windows", ["pass", "pass", "pass"]),
  {
    ...stage(4, "Distributed", ["pass", "fail", "skipped"], "race"),
    checks: [
      check("03.4a", "counts one key in one place", "pass", "redis"),
      {
        ...check(
          "03.4b",
          "admits exactly the limit, however the instances race",
          "fail",
          "race",
        ),
        wallMs: 412,
        failure: RACE_FAILURE,
      },
      check(
        "03.4c",
        "never blocks a key for ever, wherever it crashes",
        "skipped",
        "fault",
      ),
    ],
  },
  stage(5, "Policies in Postgres", ["skipped", "skipped"]),
  stage(6, "Store away", ["skipped", "skipped", "skipped"]),
  stage(7, "Concurrency and shedding", ["skipped", "skipped"]),
  stage(8, "Load", ["skipped"]),
], "Stage 4 fails: 13 of 13 requests were admitted where 10 are allowed");

/** As the first one, with a burst that fills the page. */
export const BURST_REPORT: Report = {
  ...RACE_REPORT,
  stages: RACE_REPORT.stages.map((each) => ({
    ...each,
    checks: each.checks.map((check) =>
      check.failure === undefined ? check : {
        ...check,
        failure: { ...RACE_FAILURE, trace: raceTraceWithSetUp(20) },
      }
    ),
  })),
};

export const PASSED_REPORT = report("02-url-shortener", "passed", [
  stage(1, "Shorten and redirect", ["pass", "pass", "pass", "pass"]),
  stage(2, "Codes that never meet", ["pass", "pass", "pass"]),
  stage(3, "Collisions and aliases", ["pass", "pass", "pass"]),
], "All stages pass");

export const LOAD_ERROR_REPORT: Report = {
  ...report(
    "03-rate-limiter",
    "load_error",
    [],
    "system.ts has a syntax error at 12:7: expected ',' but found ';'. Nothing was run",
  ),
  output:
    "error: Expected ',', got ';' at system.ts:12:7\n\n  const used = await redis.get(key;\n                                  ~\n",
};

export const SWEEP_REPORT = report("15-payment-system", "failed", [
  {
    ...stage(1, "Charge once", ["fail"], "fault"),
    checks: [{
      ...check("15.1a", "charges once, wherever it crashes", "fail", "fault"),
      failure: SWEEP_FAILURE,
    }],
  },
], "Stage 1 fails: the bank was charged twice");

export const INCONCLUSIVE_REPORT = report("03-rate-limiter", "infra_error", [
  {
    ...stage(1, "Fixed window and headers", ["inconclusive"]),
    status: "inconclusive",
    checks: [{
      ...check("03.1a", "admits exactly the limit", "inconclusive", "api"),
      attempts: 3,
      failure: {
        rule:
          "The machine was too busy to judge; this does not count against you",
        logs: [],
        trace: [],
        seed: "aaaa-0001",
      },
    }],
  },
], "The grader broke, not your code. It will be tried again");

function report(
  workshop: string,
  verdict: RunVerdict,
  stages: readonly StageReport[],
  summary: string,
): Report {
  return {
    version: 1,
    workshop,
    verdict,
    summary,
    seed: "k3v9-2m7q",
    floor: "class",
    kitVersion: "0.1.0",
    suiteHash: "3f9c2ab1d0e4",
    startedAt: "2026-03-04T14:02:11.100Z",
    finishedAt: "2026-03-04T14:02:15.300Z",
    wallMs: 4200,
    cpuMs: 1830,
    peakMemoryBytes: 96 * 1024 * 1024,
    stages,
    output: "A  listening\nB  listening\n",
    isOutputTruncated: false,
  };
}

function stage(
  number: number,
  title: string,
  statuses: readonly CheckStatus[],
  kind: CheckKind = "api",
): StageReport {
  const checks = statuses.map((status, index) =>
    check(
      `03.${number}${"abcdef"[index]}`,
      `keeps promise ${index + 1} of this stage`,
      status,
      kind,
    )
  );
  return {
    number,
    title,
    status: statuses.includes("fail")
      ? "failed"
      : statuses.includes("skipped")
      ? "skipped"
      : "passed",
    checks,
    wallMs: checks.reduce((sum, { wallMs }) => sum + wallMs, 0),
  };
}

function check(
  id: string,
  title: string,
  status: CheckStatus,
  kind: CheckKind,
): CheckReport {
  const wallMs = status === "skipped" ? 0 : 120;
  return { id, title, kind, status, wallMs, attempts: 1 };
}
