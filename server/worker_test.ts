import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { connect } from "./db/connect.ts";
import { type RunningWorker, startWorker } from "./grading/start_worker.ts";
import type { GradeRun } from "./grading/grade_run.ts";
import { eventually } from "./testing/eventually.ts";
import { gatedGrade, passAll, reportOf } from "./testing/fake_grade.ts";
import { spawnWorker } from "./testing/spawn_worker.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService, type TestService } from "./testing/test_service.ts";

describe("startWorker()", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("grades what is queued, and records report, checks and progress", async () => {
    await using service = await openTestService(cluster);
    await using _worker = await work(
      service,
      (run) =>
        Promise.resolve(reportOf(run, { verdict: "partial", passing: [1] })),
    );
    const { id } = await service.submit();
    const done = await untilOver(service, id);
    expect(done).toMatchObject({
      state: "finished",
      verdict: "partial",
      attempt: 1,
      checks: [
        { id: "91.1a", status: "pass" },
        { id: "91.2a", status: "fail" },
      ],
      report: { verdict: "partial" },
    });
    expect(await stagesOf(service)).toEqual(["passed", "failing"]);
  });

  it("keeps a stage passed that fails later", async () => {
    await using service = await openTestService(cluster);
    let passing = [1, 2];
    await using _worker = await work(
      service,
      (run) => Promise.resolve(reportOf(run, { verdict: "partial", passing })),
    );
    await untilOver(service, (await service.submit({ "system.ts": "1" })).id);
    passing = [];
    await untilOver(service, (await service.submit({ "system.ts": "2" })).id);
    expect(await stagesOf(service)).toEqual(["passed", "passed"]);
  });

  it("hands the learner's files to the grader, in their folders", async () => {
    await using service = await openTestService(cluster);
    const seen: string[] = [];
    await using _worker = await work(service, async (run) => {
      for (const name of ["system.ts", "limits/bucket.ts"]) {
        seen.push(await Deno.readTextFile(`${run.submissionDir}/${name}`));
      }
      return passAll(run);
    });
    const files = { "system.ts": "one", "limits/bucket.ts": "two" };
    await untilOver(service, (await service.submit(files)).id);
    expect(seen).toEqual(["one", "two"]);
  });

  it("keeps a report whose output Postgres could not read", async () => {
    await using service = await openTestService(cluster);
    const output = "\u0000 \ud800";
    await using _worker = await work(service, (run) =>
      Promise.resolve(
        reportOf(run, { verdict: "passed", passing: [1, 2], output }),
      ));
    const done = await untilOver(service, (await service.submit()).id);
    expect(done.report!.output).toBe("\u2400 \ufffd");
  });

  it("grades one submission of a learner at a time", async () => {
    await using service = await openTestService(cluster);
    let running = 0;
    let most = 0;
    const grade: GradeRun = async (run) => {
      most = Math.max(most, ++running);
      await service.sql`SELECT pg_sleep(0.02)`;
      running--;
      return passAll(run);
    };
    await using _first = await work(service, grade);
    await using _second = await work(service, grade);
    const ids = [];
    for (let i = 0; i < 6; i++) {
      ids.push((await service.submit({ "system.ts": String(i) })).id);
    }
    for (const id of ids) await untilOver(service, id);
    expect(most).toBe(1);
  });

  it("loses none of 200 submissions and grades none twice", async () => {
    await using service = await openTestService(cluster);
    const graded: string[] = [];
    const grade: GradeRun = (run) => {
      graded.push(run.seed);
      return passAll(run);
    };
    const learners = await Promise.all(
      Array.from({ length: 200 }, (_, i) => service.signUp(`Learner ${i}`)),
    );
    await using _first = await work(service, grade);
    await using _second = await work(service, grade);
    await Promise.all(
      learners.map((token) =>
        service.submit({ "system.ts": token }, {
          authorization: `Bearer ${token}`,
        })
      ),
    );
    await eventually("all are finished", async () => {
      const [row] = await service.sql<{ left: number }[]>`
        SELECT count(*)::integer AS left FROM trestle.submission WHERE state <> 'finished'`;
      return row!.left === 0;
    });
    expect(graded).toHaveLength(200);
    expect(new Set(graded).size).toBe(200);
    const [attempts] = await service.sql`
      SELECT max(attempt) AS most FROM trestle.submission`;
    expect(attempts!.most).toBe(1);
  });

  it("keeps its order when one learner uploads faster than it grades", async () => {
    await using service = await openTestService(cluster);
    await using _first = await work(service, passAll, 20);
    await using _second = await work(service, passAll, 20);
    let last = "";
    for (let i = 0; i < 100; i++) {
      last = (await service.submit({ "system.ts": String(i) })).id;
    }
    expect((await untilOver(service, last)).verdict).toBe("passed");
    const supersededAfterClaim = await service.sql`
      SELECT submission_id FROM trestle.submission_event
      GROUP BY submission_id
      HAVING array_agg(kind) @> ARRAY['claimed', 'canceled']`;
    expect(supersededAfterClaim).toHaveLength(0);
    const retried = await service.sql`
      SELECT id FROM trestle.submission WHERE attempt > 1`;
    expect(retried).toHaveLength(0);
  });

  it("stops a run that the learner takes back", async () => {
    await using service = await openTestService(cluster);
    const { grade, started } = gatedGrade();
    await using _worker = await work(service, grade);
    const { id } = await service.submit();
    await started;
    await service.call("POST", `/api/submissions/${id}/cancel`);
    expect(await untilOver(service, id)).toMatchObject({ state: "canceled" });
  });

  it("lets a run end that a newer submission overtakes", async () => {
    await using service = await openTestService(cluster);
    const { grade, started, open } = gatedGrade();
    await using _worker = await work(service, grade);
    const older = await service.submit({ "system.ts": "1" });
    await started;
    const newer = await service.submit({ "system.ts": "2" });
    open();
    expect((await untilOver(service, older.id)).verdict).toBe("passed");
    expect((await untilOver(service, newer.id)).verdict).toBe("passed");
  });

  it("tries again when the grader breaks, and gives up after three times", async () => {
    await using service = await openTestService(cluster);
    let tries = 0;
    await using _worker = await work(service, () => {
      tries++;
      return Promise.reject(new Error("No space left on device"));
    });
    const { id } = await service.submit();
    const done = await untilOver(service, id);
    expect(done).toMatchObject({
      verdict: "infra_error",
      report: { verdict: "infra_error", stages: [] },
    });
    expect(tries).toBe(3);
    expect(await stagesOf(service)).toEqual(["open", "open"]);
    expect(await kindsOf(service, id)).toEqual([
      ...["queued", "claimed", "lease_lost"],
      ...["claimed", "lease_lost"],
      ...["claimed", "lease_lost", "run_finished"],
    ]);
  });

  it("keeps what the grader last said of its own fault", async () => {
    await using service = await openTestService(cluster);
    await using _worker = await work(service, (run) =>
      Promise.resolve({
        ...reportOf(run, { verdict: "infra_error", passing: [] }),
        summary: "Redis could not be started",
      }));
    const done = await untilOver(service, (await service.submit()).id);
    expect(done).toMatchObject({
      verdict: "infra_error",
      report: { summary: "Redis could not be started" },
    });
  });

  describe("killed while it grades", () => {
    it("loses its lease, and another worker grades", async () => {
      await using service = await openTestService(cluster);
      await using worker = await spawnWorker(service.database.workerAddress);
      const { id } = await service.submit();
      await untilRunning(service, id);
      worker.child.kill("SIGKILL");
      await worker.child.status;
      await expireLeases(service);

      await using _other = await work(service, passAll);
      const done = await untilOver(service, id);
      expect(done).toMatchObject({ verdict: "passed", attempt: 2 });
      expect(await kindsOf(service, id)).toEqual(
        expect.arrayContaining(["lease_lost", "run_finished"]),
      );
    });

    it("leaves a job that it had taken but not yet claimed", async () => {
      await using service = await openTestService(cluster);
      const { id } = await service.submit();
      await service.sql`
        UPDATE graphile_worker._private_jobs
        SET locked_by = 'pool-gone', locked_at = now() - interval '16 seconds'`;
      await service.sql`
        UPDATE graphile_worker._private_job_queues
        SET locked_by = 'pool-gone', locked_at = now() - interval '16 seconds'`;
      await using _worker = await work(service, passAll);
      expect(await untilOver(service, id)).toMatchObject({
        verdict: "passed",
        attempt: 1,
      });
    });
  });

  it("refuses the late result of a worker that was given up", async () => {
    await using service = await openTestService(cluster);
    const slow = gatedGrade();
    await using _frozen = await work(service, slow.grade, 60_000);
    const { id } = await service.submit();
    await slow.started;
    await expireLeases(service);
    await service.sql`SELECT trestle.release_lost_leases()`;
    const next = gatedGrade();
    await using _other = await work(service, next.grade);
    await next.started;

    slow.open();
    await service.sql`SELECT pg_sleep(0.2)`;
    expect((await service.read(id)).state).toBe("running");
    next.open();
    expect(await untilOver(service, id)).toMatchObject({
      verdict: "passed",
      attempt: 2,
    });
  });

  it("does not requeue an old run over a newer submission", async () => {
    await using service = await openTestService(cluster);
    const slow = gatedGrade();
    await using _frozen = await work(service, slow.grade, 60_000);
    const older = await service.submit({ "system.ts": "1" });
    await slow.started;
    const newer = await service.submit({ "system.ts": "2" });
    await expireLeases(service);
    await using _other = await work(service, passAll);
    expect((await untilOver(service, newer.id)).verdict).toBe("passed");
    expect((await service.read(older.id)).state).toBe("canceled");
  });

  describe("asked to stop", () => {
    it("lets the run end", async () => {
      await using service = await openTestService(cluster);
      await using worker = await spawnWorker(service.database.workerAddress);
      const { id } = await service.submit();
      await untilRunning(service, id);
      worker.child.kill("SIGTERM");
      await worker.openGate();
      expect(await worker.child.status).toMatchObject({ code: 0 });
      expect(await service.read(id)).toMatchObject({
        verdict: "passed",
        attempt: 1,
      });
    });

    it("gives back what takes too long, uncharged", async () => {
      await using service = await openTestService(cluster);
      await using worker = await spawnWorker(service.database.workerAddress, {
        drainMs: 50,
      });
      const { id } = await service.submit();
      await untilRunning(service, id);
      worker.child.kill("SIGTERM");
      expect(await worker.child.status).toMatchObject({ code: 0 });
      expect(await service.read(id)).toMatchObject({
        state: "queued",
        attempt: 2,
      });
      const [row] = await service
        .sql`SELECT lost_leases FROM trestle.submission`;
      expect(row!.lost_leases).toBe(0);
      await using _other = await work(service, passAll);
      expect((await untilOver(service, id)).verdict).toBe("passed");
    });

    it("ends when the process that started it is gone", async () => {
      await using service = await openTestService(cluster);
      await using worker = await spawnWorker(service.database.workerAddress);
      await eventually(
        "it is there",
        async () => (await workersOf(service)) === 1,
      );
      await worker.orphan();
      expect(await worker.child.status).toMatchObject({ code: 0 });
      expect(await workersOf(service)).toBe(0);
    });
  });

  const FORBIDDEN = [
    "SELECT * FROM trestle.person",
    "SELECT * FROM trestle.access_token",
    "SELECT files FROM trestle.bundle",
    "UPDATE trestle.submission SET verdict = 'passed'",
    "SELECT trestle.enqueue(gen_random_uuid())",
    "SELECT graphile_worker.add_job('grade', '{}')",
  ];
  for (const statement of FORBIDDEN) {
    it(`has a login that may not ${statement}`, async () => {
      await using service = await openTestService(cluster);
      const sql = connect(service.database.workerAddress);
      await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied/);
      await sql.end();
    });
  }
});

/** A worker in this process; closing it drains it. */
async function work(
  service: TestService,
  grade: GradeRun,
  heartbeatMs = 50,
): Promise<RunningWorker & AsyncDisposable> {
  const worker = await startWorker({
    address: service.database.workerAddress,
    grade,
    log: () => {},
    heartbeatMs,
  });
  return { ...worker, [Symbol.asyncDispose]: () => worker.drain(0) };
}

function untilOver(service: TestService, id: string) {
  return eventually(`submission ${id} is over`, async () => {
    const detail = await service.read(id);
    return /finished|canceled/.test(detail.state) && detail;
  });
}

function untilRunning(service: TestService, id: string) {
  return eventually(
    `submission ${id} runs`,
    async () => (await service.read(id)).state === "running",
  );
}

/** As if no heartbeat had come for 16 s. */
async function expireLeases({ sql }: TestService): Promise<void> {
  await sql`
    UPDATE trestle.worker SET heartbeat_at = heartbeat_at - interval '16 seconds'`;
}

async function workersOf({ sql }: TestService): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM trestle.worker`;
  return row!.count;
}

async function kindsOf({ sql }: TestService, id: string): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    SELECT kind FROM trestle.submission_event WHERE submission_id = ${id} ORDER BY seq`;
  return rows.map(({ kind }) => kind);
}

async function stagesOf(service: TestService): Promise<string[]> {
  const answer = await service.call("GET", "/api/workshops/91-echo");
  const { stages } = await answer.json();
  return stages.map(({ status }: { status: string }) => status);
}
