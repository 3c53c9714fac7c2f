/**
 * A worker: claims submissions, grades them, records the results. As many as there are machines.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { SandboxFloor } from "@contract/report.ts";
import { grade } from "../grader/grade.ts";
import { probeFloor } from "../grader/sandbox/mod.ts";
import { startStores, type StoresAddress } from "../grader/stores/mod.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { parseDatabaseUrl } from "./db/connect.ts";
import type { GradeRun } from "./grading/grade_run.ts";
import { startWorker } from "./grading/start_worker.ts";
import { workUntilAsked } from "./grading/work_until_asked.ts";
import { logToConsole as log } from "./log.ts";

/** A run may end by itself for so long once the worker was asked to stop. */
const DRAIN_MS = 60_000;

if (import.meta.main) {
  // The waiting read of standard input would keep the process alive.
  Deno.exit(await main(Deno.args));
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      slots: { type: "string", default: "1" },
      "drain-ms": { type: "string", default: String(DRAIN_MS) },
      // Ends when standard input closes.
      tied: { type: "boolean", default: false },
    },
  });
  const url = Deno.env.get("WORKER_DATABASE_URL");
  if (!url) {
    throw new Error(
      "A worker needs WORKER_DATABASE_URL; `deno task worker` finds that of the server on this machine",
    );
  }
  // The sandbox's account reads the learner's files, whatever the account that runs us keeps private by default.
  Deno.umask(0o022);
  const onProgress = (message: string) =>
    log("info", "provisioning", { message });
  await using stores = await startStores({ onProgress });
  const floor = await chooseFloor(onProgress);
  const worker = await startWorker({
    address: parseDatabaseUrl(url),
    grade: gradeWith(stores.address, floor),
    runDir: stores.address.runDir,
    slots: Number(values.slots),
    log,
  });
  return await workUntilAsked(worker, {
    drainMs: Number(values["drain-ms"]),
    isTied: values.tied,
    log,
  });
}

/** The strongest sandbox that this machine can do. One's own code may run on the weaker one. */
async function chooseFloor(
  onProgress: (message: string) => void,
): Promise<SandboxFloor> {
  const { isComplete, missing } = await probeFloor({ onProgress });
  if (isComplete) return "class";
  log("warning", "floor_incomplete", {
    message:
      "Submissions run in the local sandbox (Deno's permissions): fine for your own code. " +
      `The class sandbox lacks: ${missing.join("; ")}`,
  });
  return "local";
}

/** The grader, as the queue wants it: stores are started once and kept. */
function gradeWith(stores: StoresAddress, floor: SandboxFloor): GradeRun {
  return async ({ workshop: slug, ...run }) => {
    const { workshop, dir } = await findWorkshop(slug);
    return await grade({ ...run, workshop, workshopDir: dir, floor, stores });
  };
}
