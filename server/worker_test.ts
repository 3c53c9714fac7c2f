import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { GradeRun } from "./grading/grade_run.ts";
import { eventually } from "./testing/eventually.ts";
import { gatedGrade, passAll, reportOf } from "./testing/fake_grade.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService, type TestService } from "./testing/test_service.ts";
import { kindsOf, untilOver, work } from "./testing/working.ts";

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

  it("notes what passed before the grader broke, and charges nothing", async () => {
    await using service = await openTestService(cluster);
    const last = { verdict: "infra_error", passing: [1] } as const;
    await using _worker = await work(
      service,
      (run) => Promise.resolve(reportOf(run, last)),
    );
    await untilOver(service, (await service.submit()).id);
    expect(await stagesOf(service)).toEqual(["passed", "open"]);
  });

  it("takes a run without a decision as it is: its checks were repeated, the grader is whole", async () => {
    await using service = await openTestService(cluster);
    await using _worker = await work(service, (run) =>
      Promise.resolve(
        reportOf(run, {
          verdict: "infra_error",
          passing: [1],
          isUndecided: true,
        }),
      ));
    const { id } = await service.submit();
    expect(await untilOver(service, id)).toMatchObject({
      verdict: "infra_error",
      attempt: 1,
    });
    expect(await kindsOf(service, id)).toEqual(
      ["queued", "claimed", "run_finished"],
    );
    expect(await stagesOf(service)).toEqual(["passed", "open"]);
  });
});

async function stagesOf(service: TestService): Promise<string[]> {
  const answer = await service.call("GET", "/api/workshops/91-echo");
  const { stages } = await answer.json();
  return stages.map(({ status }: { status: string }) => status);
}
