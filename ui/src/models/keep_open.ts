/** A stream that is asked for again when the server refuses it, less and less often. */
import type { EventStream } from "../api.ts";

const RETRY_MS = 1000;
const RETRY_MS_MAX = 15_000;

export interface KeepOpenOptions {
  /** First wait; each further one is twice as long, up to 15 s. */
  readonly retryMs?: number;
}

/** EventSource mends broken connections by itself, but gives up for ever on a refusal. */
export function keepOpen(
  open: (onRefused: () => void) => EventStream,
  { retryMs = RETRY_MS }: KeepOpenOptions = {},
): EventStream {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = retryMs;
  let stream = open(retry);

  function retry() {
    timer = setTimeout(() => stream = open(retry), waitMs);
    waitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
  }

  return {
    close() {
      clearTimeout(timer);
      stream.close();
    },
  };
}
