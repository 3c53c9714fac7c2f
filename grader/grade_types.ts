/** Shapes that grade.ts, the judge process and their callers share. */
import type { RunEvent } from "@contract/events.ts";
import type { CheckReport, SandboxFloor } from "@contract/report.ts";
import type { ExitReason } from "@contract/verdict.ts";
import type { Workshop } from "@contract/manifest.ts";
import type { StoresAddress } from "./stores/types.ts";

/** One run: what to grade, and how. */
export interface GradeRequest {
  readonly workshop: Workshop;
  /** Absolute path of the workshop's folder (tests, manifest). */
  readonly workshopDir: string;
  /** Absolute path of the folder that holds the learner's `system.ts`. */
  readonly submissionDir: string;
  /** Stage numbers in the order to run; default all, ascending. */
  readonly stages?: readonly number[];
  /** Checks to run; the others of these stages are `skipped`. Default all. */
  readonly checks?: readonly string[];
  /** Default true: later stages are `skipped` after the first failing one. */
  readonly stopAtFailure?: boolean;
  readonly seed: string;
  readonly floor: SandboxFloor;
  readonly stores: StoresAddress;
  readonly signal?: AbortSignal;
  /** Real time for the whole run, after which its verdict is `timeout`. Default 180,000. */
  readonly wallMsMax?: number;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What a judge process (`deno test` of one stage file) is told, as JSON in TRESTLE_JUDGE. */
export interface JudgeAssignment {
  /** Unix socket to connect to: the judge writes `JudgeMessage` lines and waits there for a line `go`. */
  readonly socket: string;
  readonly workshopSlug: string;
  readonly submissionDir: string;
  /** Ids of the checks to run; all of the file unless given. */
  readonly checks?: readonly string[];
  readonly seed: string;
  readonly floor: SandboxFloor;
  readonly stores: StoresAddress;
}

/** Lines from the judge to grade.ts. */
export type JudgeMessage =
  /** Nothing more comes: what a check runs on could not be made ready, and the learner's code is not why. */
  | { readonly kind: "broke"; readonly reason: string }
  /** Sent once the file is loaded: every check that it registered, in order. */
  | {
    readonly kind: "plan";
    readonly checks: readonly { readonly id: string; readonly title: string }[];
  }
  | {
    readonly kind: "check_started";
    readonly id: string;
    readonly title: string;
  }
  | {
    readonly kind: "check_finished";
    readonly check: CheckReport;
    /** Why the learner's process ended, if it did so by itself. */
    readonly exit?: ExitReason;
    /** An instance never listened: the run stops here and says why, instead of checks. */
    readonly failedToLoad?: boolean;
    readonly output: string;
    readonly cpuMs: number;
    readonly peakMemoryBytes: number;
  };
