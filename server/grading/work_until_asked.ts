import type { Log } from "../log.ts";
import { onStopRequest, type StopOptions } from "../stop.ts";
import type { RunningWorker } from "./start_worker.ts";

/** As a command that was used wrongly or broke: nothing is said about anybody's code. */
const OUR_FAULT = 2;

export interface WorkOptions extends StopOptions {
  /** A run may end by itself for so long once the worker was asked to stop. */
  readonly drainMs: number;
  readonly log: Log;
}

/** Lets a worker grade until the process is asked to end, or until there is no queue to grade from. Gives the exit code. */
export async function workUntilAsked(
  worker: RunningWorker,
  { drainMs, log, isTied }: WorkOptions,
): Promise<number> {
  const { asked, urgent } = onStopRequest({ isTied });
  const isAsked = await Promise.race([
    asked.then(() => true),
    worker.queueEnded.then(() => false),
  ]);
  if (isAsked) {
    await worker.drain(drainMs, urgent);
    return 0;
  }
  log("error", "queue_ended", {
    message:
      "The job queue has ended, and this worker with it; nothing is lost. " +
      "A worker older than its server must be updated; any other can be started again",
  });
  return OUR_FAULT;
}
