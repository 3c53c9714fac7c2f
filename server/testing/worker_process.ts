/**
 * A worker as a process of its own, for tests that kill it. Its grader waits until a file appears, then passes.
 *
 * @module
 */
import { parseDatabaseUrl } from "../db/connect.ts";
import { startWorker } from "../grading/start_worker.ts";
import { logToConsole as log } from "../log.ts";
import { untilAskedToStop } from "../stop.ts";
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
const request = await untilAskedToStop({ isTied: true });
await worker.drain(request === "orphaned" ? 0 : Number(drainMs));
// The waiting read of standard input would keep the process alive.
Deno.exit(0);
