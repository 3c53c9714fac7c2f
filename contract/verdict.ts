/**
 * The words for how a run and a check can end.
 *
 * @module
 */

/** How a whole run ended, worst first. The worst that applies is the verdict of the run. */
export const RUN_VERDICTS = [
  /** Ours: never charged to the learner. */
  "infra_error",
  "canceled",
  /** The upload broke a rule; nothing was run. */
  "rejected",
  /** Syntax error, missing export, or a factory that threw. */
  "load_error",
  /** The code reached for something outside its sandbox. */
  "forbidden",
  "memory",
  "output_limit",
  "crashed",
  "timeout",
  /** No stage passed. */
  "failed",
  /** At least one stage passed. */
  "partial",
  "passed",
] as const;

export type RunVerdict = typeof RUN_VERDICTS[number];

/** How one check ended. */
export type CheckStatus =
  | "pass"
  | "fail"
  /** The code broke down (load error, crash, memory, forbidden), or the judge did. */
  | "error"
  | "timeout"
  /** An earlier stage failed. */
  | "skipped"
  /** Run, but its result is not shown yet. */
  | "withheld"
  /** The fault did not fire or the machine was overloaded; never counts against the learner. */
  | "inconclusive";

/** Why a process of the learner's ended. */
export type ExitReason =
  | "stopped"
  | "load_error"
  | "forbidden"
  | "memory"
  | "output_limit"
  | "timeout"
  | "crashed";

/** The worse of two run verdicts. */
export function worseVerdict(left: RunVerdict, right: RunVerdict): RunVerdict {
  return RUN_VERDICTS.indexOf(left) <= RUN_VERDICTS.indexOf(right)
    ? left
    : right;
}
