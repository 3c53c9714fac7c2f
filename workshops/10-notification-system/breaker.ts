/** A circuit breaker: a provider that only fails is left alone for a while, then asked with one call. */

export interface Breaker {
  /** Whether a call may be made now. */
  enter(nowMs: number): { readonly status: "closed" | "open" };
  /** What came of it. */
  report(isSuccess: boolean, nowMs: number): void;
}

export function openBreaker(
  _options: {
    /** So many in a row open it. */
    readonly failures: number;
    readonly pauseMs: number;
  },
): Breaker {
  // TODO 10.4: open after `failures`, for `pauseMs`; then one trial, and what do the others do meanwhile?
  return { enter: () => ({ status: "closed" }), report() {} };
}
