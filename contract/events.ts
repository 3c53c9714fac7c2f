/**
 * Progress of a run, as it happens: from the judge through the worker to terminal and page.
 *
 * @module
 */
import type { CheckReport, Report, StageReport } from "./report.ts";

/** Said by the grader while a run goes on, in this order. */
export type RunEvent =
  | {
    readonly kind: "run_started";
    readonly seed: string;
    readonly stages: readonly number[];
  }
  | {
    readonly kind: "stage_started";
    readonly stage: number;
    readonly title: string;
  }
  | {
    readonly kind: "check_started";
    readonly stage: number;
    readonly id: string;
    readonly title: string;
  }
  | {
    readonly kind: "check_finished";
    readonly stage: number;
    readonly check: CheckReport;
  }
  | { readonly kind: "stage_finished"; readonly stage: StageReport }
  | { readonly kind: "run_finished"; readonly report: Report };

/** What a submission goes through on the server; each is a row, so a stream can resume. */
export type SubmissionEvent =
  | {
    readonly kind: "queued";
    readonly position: number;
    readonly etaMs: number;
  }
  | { readonly kind: "claimed"; readonly attempt: number }
  | { readonly kind: "lease_lost"; readonly attempt: number }
  | { readonly kind: "canceled"; readonly reason: "superseded" | "by_learner" }
  | RunEvent;
