import type { Log, System } from "@contract/system.ts";

/** What a system may take to finish; the contract promises no more. */
const STOP_MS_MAX = 2_000;

export interface StopOnSignalOptions {
  readonly system: System;
  readonly servers: readonly { shutdown(): Promise<void> }[];
  /** Aborted first, so that loops in the background end. */
  readonly stopping: AbortController;
  readonly log: Log;
  readonly exit: (code: number) => never;
}

/** On SIGTERM: tells the system, accepts nothing new, finishes what is in flight, and ends after 2 s at the latest. */
export function stopOnSignal(options: StopOnSignalOptions): void {
  const { system, servers, stopping, log, exit } = options;
  Deno.addSignalListener("SIGTERM", async function stop() {
    if (stopping.signal.aborted) return;
    setTimeout(() => exit(0), STOP_MS_MAX);
    stopping.abort(new DOMException("The instance is stopping", "AbortError"));
    const results = await Promise.allSettled([
      Promise.resolve().then(() => system.stop?.()),
      ...servers.map((server) => server.shutdown()),
    ]);
    for (const result of results) {
      if (result.status === "rejected") {
        log("stop() failed", { error: result.reason });
      }
    }
    exit(0);
  });
}
