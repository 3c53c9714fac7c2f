import { EventEmitter } from "node:events";
import { run, type WorkerEvents } from "graphile-worker";
import { z } from "zod";
import {
  connect,
  type DatabaseAddress,
  formatDatabaseUrl,
} from "../db/connect.ts";
import { quietQueueLogger } from "../db/queue_logger.ts";
import type { Log } from "../log.ts";
import type { GradeRun } from "./grade_run.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { LeaseKeeper } from "./lease_keeper.ts";
import { WorkerApi } from "./worker_api.ts";

/** Three of them may fail before the lease runs out after 15 s. */
const HEARTBEAT_MS = 5_000;

/** Notices wake an idle worker at once; this is for those that were lost. */
const POLL_MS = 1_000;

const JOB = z.object({ submission: z.uuid(), attempt: z.int() });

export interface StartWorkerOptions {
  readonly address: DatabaseAddress;
  readonly grade: GradeRun;
  /** Learners' files lie in here during a run; whoever made it sees to it that nothing stays when we are killed. */
  readonly runDir: string;
  readonly log: Log;
  /** Runs at once; a run needs a core of its own. Default 1. */
  readonly slots?: number;
  readonly heartbeatMs?: number;
}

export interface RunningWorker {
  /** The name that the queue knows this worker by. */
  readonly id: string;
  /** Resolves when nothing more will come: the job queue stops for a database that has moved on to a newer version of it. */
  readonly queueEnded: Promise<void>;
  /** Claims nothing more, lets runs end for `graceMs` or until `urgent` aborts, then gives back what is left. */
  drain(graceMs: number, urgent?: AbortSignal): Promise<void>;
}

/** Begins to claim and grade what is queued. */
export async function startWorker(
  { address, log, slots = 1, heartbeatMs = HEARTBEAT_MS, ...grading }:
    StartWorkerOptions,
): Promise<RunningWorker> {
  const sql = connect(address, { max: slots + 1 });
  const api = new WorkerApi(sql);
  const events: WorkerEvents = new EventEmitter();
  const signedIn = Promise.withResolvers<LeaseKeeper>();
  let id = "";
  // Emitted before the first job is looked for.
  events.on("pool:create", ({ workerPool }) => id = workerPool.id);
  const runner = await run({
    connectionString: formatDatabaseUrl(address),
    concurrency: slots,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: quietQueueLogger,
    events,
    taskList: {
      async grade(payload) {
        const keeper = await signedIn.promise;
        const job = JOB.parse(payload);
        const options = { api, keeper, workerId: id, log, ...grading };
        await gradeSubmission(job, options);
      },
    },
  });
  const keeper = new LeaseKeeper(api, { workerId: id, heartbeatMs, log });
  await keeper.start();
  signedIn.resolve(keeper);
  log("info", "worker_started", { worker: id, slots });

  return {
    id,
    queueEnded: runner.promise,
    async drain(graceMs, urgent) {
      const giveBack = () => keeper.stopAll("draining");
      const timer = setTimeout(giveBack, graceMs);
      if (urgent?.aborted) giveBack();
      urgent?.addEventListener("abort", giveBack, { once: true });
      await runner.stop();
      clearTimeout(timer);
      await keeper.end();
      await sql.end({ timeout: 5 });
      log("info", "worker_stopped", { worker: id });
    },
  };
}
