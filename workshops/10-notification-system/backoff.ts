/** How long to wait before the next attempt. */
import { notImplemented } from "./problem.ts";

export function backoffMs(
  _failure: {
    /** 0 after the first call that failed. */
    readonly attempt: number;
    readonly baseMs: number;
    /** What the provider asks for. */
    readonly retryAfterMs?: number;
  },
): number {
  // TODO 10.4: ½ to 1½ × baseMs × 2ⁿ; a Retry-After comes first.
  throw notImplemented("10.4 Retries and fallback", "wait as in backoff.ts");
}
