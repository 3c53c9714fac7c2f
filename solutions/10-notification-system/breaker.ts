/** A circuit breaker: a provider that only fails is left alone for a while, then asked with one call. */

export type Verdict =
  /** Call, and report what came of it. */
  | { readonly status: "closed" }
  | { readonly status: "open"; readonly untilMs: number }
  /** Somebody is making the one call that decides. */
  | { readonly status: "trial"; readonly ended: Promise<void> };

export interface Breaker {
  enter(nowMs: number): Verdict;
  report(isSuccess: boolean, nowMs: number): void;
}

export function openBreaker(
  { failures, pauseMs }: {
    /** So many in a row open it. */
    readonly failures: number;
    readonly pauseMs: number;
  },
): Breaker {
  let failed = 0;
  let untilMs = 0;
  let trial: PromiseWithResolvers<void> | undefined;
  return {
    enter(nowMs) {
      if (failed < failures) return { status: "closed" };
      if (nowMs < untilMs) return { status: "open", untilMs };
      if (trial) return { status: "trial", ended: trial.promise };
      trial = Promise.withResolvers();
      return { status: "closed" };
    },
    report(isSuccess, nowMs) {
      failed = isSuccess ? 0 : failed + 1;
      if (failed >= failures) untilMs = nowMs + pauseMs;
      trial?.resolve();
      trial = undefined;
    },
  };
}
