import type { RunEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";

/** One run, as the queue hands it to whoever can grade. */
export interface GradingRun {
  /** "03-rate-limiter" */
  readonly workshop: string;
  /** Folder with the learner's files. */
  readonly submissionDir: string;
  readonly seed: string;
  /** Aborts when the run is canceled, taken over by another worker, or the worker stops. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** Grades one run. A rejection means that the grader broke, never the learner's code. */
export type GradeRun = (run: GradingRun) => Promise<Report>;
