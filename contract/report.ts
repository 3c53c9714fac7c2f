/**
 * The report: everything that a run found out, as data.
 *
 * @module
 */
import type { CheckKind } from "./manifest.ts";
import type { TraceRow } from "./trace.ts";
import type { CheckStatus, RunVerdict } from "./verdict.ts";

/** Raised when a reader of the last version could misread a report. */
export const REPORT_VERSION = 1;

/** Upper bound of a report as JSON; traces are shortened first. */
export const REPORT_BYTES_MAX = 256 * 1024;

export interface Report {
  readonly version: typeof REPORT_VERSION;
  /** "03-rate-limiter" */
  readonly workshop: string;
  readonly verdict: RunVerdict;
  /** One sentence for people, in place of a stack: "system.ts has a syntax error at 12:7 …". */
  readonly summary: string;
  /** Replays the run: `--seed`. */
  readonly seed: string;
  readonly floor: SandboxFloor;
  /** Version of the kit, and a hash of the workshop's tests and manifest. */
  readonly kitVersion: string;
  readonly suiteHash: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly wallMs: number;
  /** Of the learner's processes: user and system time; the highest resident size seen. */
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  readonly stages: readonly StageReport[];
  /** What the learner's code printed, both streams, last 64 KB. */
  readonly output: string;
  readonly isOutputTruncated: boolean;
}

/** `local`: Deno's permissions. `class`: bubblewrap, rlimits and no network as well. */
export type SandboxFloor = "local" | "class";

export interface StageReport {
  readonly number: number;
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped" | "inconclusive";
  readonly checks: readonly CheckReport[];
  readonly wallMs: number;
}

export interface CheckReport {
  /** "03.4a" */
  readonly id: string;
  readonly title: string;
  readonly kind: CheckKind;
  readonly status: CheckStatus;
  readonly wallMs: number;
  /** Tries it took: more than 1 after an inconclusive one. */
  readonly attempts: number;
  readonly failure?: Failure;
}

/** Why a check did not pass: the failure contract. Every text is safe to print. */
export interface Failure {
  /** The promise that was broken, one sentence: "Of 20 requests in one window exactly 10 may pass". */
  readonly rule: string;
  /** What was done, in calls that a person can repeat: "20 × GET /api/x, spread over A and B". */
  readonly sent?: string;
  /** Untruncated up to 4 KB; invisible characters escaped. */
  readonly expected?: string;
  readonly received?: string;
  /** One hint, derived from what was seen where possible. */
  readonly hint?: string;
  /** Last lines that the learner's own code printed or logged during this check. */
  readonly logs: readonly string[];
  readonly trace: readonly TraceRow[];
  /** Seed of this check's inputs. */
  readonly seed: string;
}
