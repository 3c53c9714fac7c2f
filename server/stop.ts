export interface StopOptions {
  /** Also when standard input closes, as it does when the process that holds its other end dies, however it dies. */
  readonly isTied: boolean;
}

/** How this process is asked to end. */
export interface StopRequests {
  /** Resolves at the first request: finish what is under way. */
  readonly asked: Promise<void>;
  /** Aborts at the second, or when whoever started us is gone: finish nothing more. */
  readonly urgent: AbortSignal;
}

/** Listens for requests to stop. A third signal ends the process at once. */
export function onStopRequest({ isTied }: StopOptions): StopRequests {
  const asked = Promise.withResolvers<void>();
  const urgent = new AbortController();
  let signals = 0;
  const count = () => {
    signals++;
    asked.resolve();
    if (signals === 2) urgent.abort();
    if (signals === 3) Deno.exit(130);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, count);
  }
  if (isTied) {
    untilStdinCloses().then(() => {
      asked.resolve();
      urgent.abort();
    });
  }
  return { asked: asked.promise, urgent: urgent.signal };
}

async function untilStdinCloses(): Promise<void> {
  for await (const _ignored of Deno.stdin.readable);
}
