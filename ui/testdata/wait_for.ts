/** Waits for a signal, with a bound. */
import type { ReadonlySignal } from "@preact/signals";

/** The first value of which `isWanted` holds. */
export async function waitFor<T>(
  signal: ReadonlySignal<T>,
  isWanted: (value: T) => boolean,
  { withinMs = 3000 }: { readonly withinMs?: number } = {},
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(
    () =>
      reject(
        new Error(
          `Not within ${withinMs} ms; it is ${JSON.stringify(signal.peek())}`,
        ),
      ),
    withinMs,
  );
  const stop = signal.subscribe((value) => isWanted(value) && resolve(value));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
