/**
 * A worker as a process of its own, for tests that kill it. Its grader waits until a file appears, then passes.
 *
 * @module
 */
import { parseDatabaseUrl } from "../db/connect.ts";
import { startWorker } from "../grading/start_worker.ts";
import { workUntilAsked } from "../grading/work_until_asked.ts";
import { logToConsole as log } from "../log.ts";
import { eventually } from "./eventually.ts";
import { passAll } from "./fake_grade.ts";

const [databaseUrl, runDir, gateFile, drainMs] = Deno.args;

const worker = await startWorker({
  address: parseDatabaseUrl(databaseUrl!),
  runDir: runDir!,
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
const options = { drainMs: Number(drainMs), isTied: true, log };
// The waiting read of standard input would keep the process alive.
Deno.exit(await workUntilAsked(worker, options));
