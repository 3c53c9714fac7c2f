import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { eventually } from "./testing/eventually.ts";
import { gatedGrade, passAll } from "./testing/fake_grade.ts";
import { spawnWorker } from "./testing/spawn_worker.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService } from "./testing/test_service.ts";
import {
  expireLeases,
  kindsOf,
  untilOver,
  untilRunning,
  work,
  workersOf,
} from "./testing/working.ts";

describe("a worker", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

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

  it("ends when its job queue has ended, so that another can be started", async () => {
    await using service = await openTestService(cluster);
    await using worker = await spawnWorker(service.database.workerAddress);
    await eventually("it listens", async () => {
      const [row] = await service.sql`
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN "jobs:insert"%'`;
      return row !== undefined;
    });
    // What a newer job queue tells older workers before it changes its tables.
    await service.sql`
      SELECT pg_notify('worker:migrate', '{"breaking": true, "migrationNumber": 99}')`;
    expect(await worker.child.status).toMatchObject({ code: 2 });
  });

  it("ends when the database is away as a run ends", async () => {
    await using service = await openTestService(cluster);
    const { database, user } = service.database.workerAddress;
    await using worker = await spawnWorker(service.database.workerAddress);
    const { id } = await service.submit();
    await untilRunning(service, id);
    await service.sql.unsafe(`ALTER DATABASE ${database} CONNECTION LIMIT 0`);
    await service.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = ${database} AND usename = ${user}`;
    await worker.openGate();
    expect(await worker.child.status).toMatchObject({ success: false });
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

    it("gives back at once at a second signal", async () => {
      await using service = await openTestService(cluster);
      await using worker = await spawnWorker(service.database.workerAddress);
      const { id } = await service.submit();
      await untilRunning(service, id);
      worker.child.kill("SIGTERM");
      worker.child.kill("SIGINT");
      expect(await worker.child.status).toMatchObject({ code: 0 });
      expect((await service.read(id)).state).toBe("queued");
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
});
