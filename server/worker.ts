/**
 * A worker: claims submissions, grades them, records the results. As many as there are machines.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { grade } from "../grader/grade.ts";
import { startStores } from "../grader/stores/mod.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { parseDatabaseUrl } from "./db/connect.ts";
import type { GradeRun } from "./grading/grade_run.ts";
import { startWorker } from "./grading/start_worker.ts";
import { logToConsole as log } from "./log.ts";
import { untilAskedToStop } from "./stop.ts";

/** A run may end by itself for so long once the worker was asked to stop. */
const DRAIN_MS = 60_000;

if (import.meta.main) {
  await main(Deno.args);
  // The waiting read of standard input would keep the process alive.
  Deno.exit(0);
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      "database-url": { type: "string" },
      slots: { type: "string", default: "1" },
      "drain-ms": { type: "string", default: String(DRAIN_MS) },
      // Ends when standard input closes.
      tied: { type: "boolean", default: false },
    },
  });
  const url = values["database-url"] ?? Deno.env.get("WORKER_DATABASE_URL");
  if (!url) {
    throw new Error("A worker needs --database-url or WORKER_DATABASE_URL");
  }
  await using stores = await startStores({
    onProgress: (message) => log("info", "stores", { message }),
  });
  const worker = await startWorker({
    address: parseDatabaseUrl(url),
    grade: gradeWith(stores.address),
    slots: Number(values.slots),
    log,
  });
  const request = await untilAskedToStop({ isTied: values.tied });
  await worker.drain(request === "orphaned" ? 0 : Number(values["drain-ms"]));
}

/** The grader, as the queue wants it: stores are started once and kept. */
function gradeWith(
  stores: Parameters<typeof grade>[0]["stores"],
): GradeRun {
  return async ({ workshop: slug, ...run }) => {
    const { workshop, dir } = await findWorkshop(slug);
    return await grade({
      ...run,
      workshop,
      workshopDir: dir,
      floor: "local",
      stores,
    });
  };
}
