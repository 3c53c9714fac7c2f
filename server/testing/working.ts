import type { GradeRun } from "../grading/grade_run.ts";
import { type RunningWorker, startWorker } from "../grading/start_worker.ts";
import { eventually } from "./eventually.ts";
import type { TestService } from "./test_service.ts";

/** A worker in this process; closing it drains it. */
export async function work(
  service: TestService,
  grade: GradeRun,
  heartbeatMs = 50,
): Promise<RunningWorker & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const runDir = await Deno.makeTempDir({ prefix: "trestle-worker-" });
  opened.defer(() => Deno.remove(runDir, { recursive: true }));
  const worker = await startWorker({
    address: service.database.workerAddress,
    grade,
    runDir,
    log: () => {},
    heartbeatMs,
  });
  opened.defer(() => worker.drain(0));
  const kept = opened.move();
  return { ...worker, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Resolves with the submission once it is finished or canceled. */
export function untilOver(service: TestService, id: string) {
  return eventually(`submission ${id} is over`, async () => {
    const detail = await service.read(id);
    return /finished|canceled/.test(detail.state) && detail;
  });
}

/** Resolves once a worker has claimed it. */
export function untilRunning(service: TestService, id: string) {
  return eventually(
    `submission ${id} runs`,
    async () => (await service.read(id)).state === "running",
  );
}

/** As if no heartbeat had come for 16 s. */
export async function expireLeases({ sql }: TestService): Promise<void> {
  await sql`
    UPDATE trestle.worker SET heartbeat_at = heartbeat_at - interval '16 seconds'`;
}

/** How many workers the database knows. */
export async function workersOf({ sql }: TestService): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM trestle.worker`;
  return row!.count;
}

/** Kinds of a submission's events, in order. */
export async function kindsOf(
  { sql }: TestService,
  id: string,
): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    SELECT kind FROM trestle.submission_event WHERE submission_id = ${id} ORDER BY seq`;
  return rows.map(({ kind }) => kind);
}
