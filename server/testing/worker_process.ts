/**
 * A worker as a process of its own, for tests that kill it. Its grader waits until a file appears, then passes.
 *
 * @module
 */
import { parseDatabaseUrl } from "../db/connect.ts";
import { startWorker } from "../grading/start_worker.ts";
import { logToConsole as log } from "../log.ts";
import { onStopRequest } from "../stop.ts";
import { eventually } from "./eventually.ts";
import { passAll } from "./fake_grade.ts";

const [databaseUrl, gateFile, drainMs] = Deno.args;

const worker = await startWorker({
  address: parseDatabaseUrl(databaseUrl!),
  log,
  async grade(run) {
    const gate = eventually("the gate is opened", async () => {
      run.signal.throwIfAborted();
      return await Deno.stat(gateFile!).then(() => true, () => false);
    });
    await gate;
    return await passAll(run);
  },
});
const { asked, urgent } = onStopRequest({ isTied: true });
await asked;
await worker.drain(Number(drainMs), urgent);
// The waiting read of standard input would keep the process alive.
Deno.exit(0);
