import { join } from "node:path";
import { type LogLine, startService } from "./service_process.ts";
import { findWorkerDatabase } from "./worker_database.ts";

/** Ctrl-C does not wait longer for a run; it is given back and graded at the next start. */
const DRAIN_MS = 2_000;

/** A worker that dies is started again after this; twice as long with each death in a row, up to the last. */
const RESTART_MS = 1_000;
const RESTART_MS_MAX = 30_000;

/** So many in a row are no accident: a person is told. */
const DEATHS_TOLD = 5;

/** One that lived so long had started well: its death begins a new row. */
const HEALTHY_MS = 60_000;

export interface KeepWorkingOptions {
  readonly kitFolder: string;
  readonly print: (line: string) => void;
}

/** Runs one worker, and another one when it dies. Nothing is lost in between: runs that it held are graded again. */
export function keepWorking(options: KeepWorkingOptions): AsyncDisposable {
  const stopping = new AbortController();
  const over = workUntil(stopping.signal, options);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await over;
    },
  };
}

async function workUntil(
  signal: AbortSignal,
  { kitFolder, print }: KeepWorkingOptions,
): Promise<void> {
  const logFile = join(kitFolder, "worker.log");
  for (let deaths = 0;;) {
    const startedAt = performance.now();
    const worker = startService({
      script: "server/worker.ts",
      args: ["--drain-ms", String(DRAIN_MS)],
      env: {
        WORKER_DATABASE_URL: await findWorkerDatabase(kitFolder),
        TRESTLE_DIR: kitFolder,
      },
      logFile,
      onLog: (line) => tell(line, print),
    });
    const stop = () => worker.stop();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    await worker.ended;
    if (signal.aborted) return;
    deaths = performance.now() - startedAt > HEALTHY_MS ? 1 : deaths + 1;
    if (deaths === DEATHS_TOLD) {
      print(
        `The worker died ${deaths} times in a row; ${logFile} says why. ` +
          "Submissions are kept; it is started again until it lives",
      );
    }
    const restartMs = RESTART_MS * 2 ** (deaths - 1);
    await pause(Math.min(restartMs, RESTART_MS_MAX), signal);
  }
}

/** What a person at the terminal should know; the rest is in the log. */
function tell(
  { event, message }: LogLine,
  print: (line: string) => void,
): void {
  if (
    event === "provisioning" || event === "floor_incomplete" ||
    event === "queue_ended"
  ) print(String(message));
  if (event === "worker_started") print("Ready to grade");
  if (event === "grader_broke") {
    print("The grader broke down; it tries again, and nobody is charged");
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  }, { once: true });
  return promise;
}
