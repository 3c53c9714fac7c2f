/** How long to wait for the store, and what to say when nobody may pass without it. */
import { ProblemError } from "./problem.ts";

/** Rejects when the store has not answered by then. */
export function withinDeadline<T>(
  command: Promise<T>,
  _deadlineMs: number,
): Promise<T> {
  // TODO 03.6
  return command;
}

/**
 * What is left of a request's deadline. It has one for all that it asks, or a silent store would cost it one for the
 * slot and another for the limit.
 */
export function timeLeft({ untilMs }: { readonly untilMs: number }): number {
  return Math.max(0, untilMs - performance.now());
}

/** For policies that fail closed. */
export function storeAway(): ProblemError {
  return new ProblemError({
    status: 503,
    code: "limiter_unavailable",
    detail: "Nobody can say whether this request is within its limit",
    headers: { "retry-after": "1" },
  });
}
