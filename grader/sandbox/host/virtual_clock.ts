import type { Clock } from "@contract/system.ts";

/** Real time between two looks at the clock file: what a step of the clock may lag behind. */
const POLL_MS = 5;

/** The run's clock as learners use it: stands still until a check steps it. */
export function virtualClock(now: () => number): Clock {
  return {
    now,
    async sleepUntil(timeMs, { signal } = {}) {
      signal?.throwIfAborted();
      while (now() < timeMs) await pause(signal);
    },
  };
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, POLL_MS);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
