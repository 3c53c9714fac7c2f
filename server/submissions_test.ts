import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { eventually } from "./testing/eventually.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import {
  openTestService,
  type TestService,
  WORKSHOP,
} from "./testing/test_service.ts";

const SYSTEM = { "system.ts": "export default 1" };

describe("submissions", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("stores and enqueues in one transaction", async () => {
    await using service = await openTestService(cluster);
    const view = await service.submit();
    expect(view).toMatchObject({
      workshop: WORKSHOP,
      state: "queued",
      attempt: 1,
      checks: [],
      queue: { position: 1, etaMs: 20_000 },
    });
    expect(await jobsOf(service)).toEqual([view.id]);
  });

  it("stores nothing when the job cannot be enqueued", async () => {
    await using service = await openTestService(cluster);
    await service.sql`DROP TABLE graphile_worker._private_jobs CASCADE`;
    await expect(service.submit()).rejects.toThrow("internal");
    const [row] = await service
      .sql`SELECT count(*)::integer AS count FROM trestle.submission`;
    expect(row!.count).toBe(0);
    service.forgiveErrors();
  });

  it("gives files back as they were, whatever is in them", async () => {
    await using service = await openTestService(cluster);
    const files = { "system.ts": "// \u0000 \ud800 ünïcode \u2028\n" };
    const { id } = await service.submit(files);
    expect((await service.read(id)).files).toEqual(files);
  });

  const MISDEEDS: [name: string, body: unknown, code: string][] = [
    ["no JSON object", [], "invalid_input"],
    ["no files", { workshop: WORKSHOP }, "invalid_input"],
    ["files that are not text", {
      workshop: WORKSHOP,
      files: { "system.ts": 1 },
    }, "invalid_input"],
    ["a field that is not known", {
      workshop: WORKSHOP,
      files: SYSTEM,
      seed: "mine",
    }, "invalid_input"],
    ["an unknown workshop", { workshop: "../etc", files: SYSTEM }, "not_found"],
    ["no system.ts", {
      workshop: WORKSHOP,
      files: { "main.ts": "" },
    }, "submission_rejected"],
    ["a path out of the folder", {
      workshop: WORKSHOP,
      files: { ...SYSTEM, "../x.ts": "" },
    }, "submission_rejected"],
    ["300 KB of files", {
      workshop: WORKSHOP,
      files: { "system.ts": "x".repeat(300 * 1024) },
    }, "submission_rejected"],
    ["2 MB of body", {
      workshop: WORKSHOP,
      files: { "system.ts": "x".repeat(2 * 1024 * 1024) },
    }, "payload_too_large"],
  ];
  for (const [name, body, code] of MISDEEDS) {
    it(`refuses ${name}: ${code}`, async () => {
      await using service = await openTestService(cluster);
      const answer = await service.call("POST", "/api/submissions", body);
      expect(await answer.json()).toMatchObject({ code });
      expect(await jobsOf(service)).toEqual([]);
    });
  }

  it("refuses a body that is no JSON, and one that does not say so", async () => {
    await using service = await openTestService(cluster);
    const send = (type: string, body: string) =>
      service.send("/api/submissions", {
        method: "POST",
        headers: {
          authorization: `Bearer ${service.token}`,
          "content-type": type,
        },
        body,
      });
    const broken = await send("application/json", "{");
    const untold = await send("text/plain", JSON.stringify({ files: SYSTEM }));
    expect([(await broken.json()).code, (await untold.json()).code])
      .toEqual(["invalid_input", "invalid_input"]);
  });

  it("supersedes what waits for the same workshop, and only that", async () => {
    await using service = await openTestService(cluster);
    const older = await service.submit({ "system.ts": "1" });
    const newer = await service.submit({ "system.ts": "2" });
    expect(await service.read(older.id)).toMatchObject({
      state: "canceled",
      verdict: "canceled",
    });
    expect(await eventsOf(service, older.id)).toContainEqual({
      kind: "canceled",
      data: { reason: "superseded" },
    });
    expect(await jobsOf(service)).toEqual([newer.id]);
  });

  it("has a job also when a worker takes the older one at that moment", async () => {
    await using service = await openTestService(cluster);
    await service.submit({ "system.ts": "1" });
    const taking = await service.sql.reserve();
    await taking`BEGIN`;
    await taking`
      UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'pool'`;
    const submitting = service.submit({ "system.ts": "2" });
    await eventually("the upload waits for that job", async () => {
      const [row] = await service.sql`
        SELECT FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      return row !== undefined;
    });
    await taking`COMMIT`;
    taking.release();
    const { id } = await submitting;
    expect(await jobsOf(service)).toContain(id);
  });

  describe("Idempotency-Key", () => {
    it("answers the same request with the same submission", async () => {
      await using service = await openTestService(cluster);
      const key = { "idempotency-key": "once" };
      const [first, second] = await Promise.all([
        service.submit(SYSTEM, key),
        service.submit(SYSTEM, key),
      ]);
      const later = await service.submit({ "system.ts": "other" });
      const third = await service.submit(SYSTEM, key);
      expect([second.id, third.id]).toEqual([first.id, first.id]);
      expect(third.state).toBe("canceled");
      expect(await jobsOf(service)).toEqual([later.id]);
    });

    it("refuses the same key for other files", async () => {
      await using service = await openTestService(cluster);
      const key = { "idempotency-key": "once" };
      await service.submit(SYSTEM, key);
      await expect(service.submit({ "system.ts": "other" }, key))
        .rejects.toThrow("idempotency_mismatch");
    });
  });

  describe("an equal upload", () => {
    const ROWS: [verdict: string, isReused: boolean][] = [
      ["passed", true],
      ["failed", true],
      ["timeout", false],
      ["infra_error", false],
    ];
    for (const [verdict, isReused] of ROWS) {
      it(`${isReused ? "has the result" : "is graded anew after"} ${verdict}`, async () => {
        await using service = await openTestService(cluster);
        const first = await service.submit();
        await endWith(service, verdict);
        const second = await service.submit();
        expect(second.id === first.id).toBe(isReused);
      });
    }

    it("is graded anew after an inconclusive check", async () => {
      await using service = await openTestService(cluster);
      const first = await service.submit();
      await endWith(service, "partial", [
        { id: "91.1a", status: "inconclusive" },
      ]);
      expect((await service.submit()).id).not.toBe(first.id);
    });

    it("is graded anew once the tests have changed", async () => {
      await using service = await openTestService(cluster);
      const first = await service.submit();
      await endWith(service, "failed");
      await service.sql`UPDATE trestle.submission SET suite_hash = 'older'`;
      expect((await service.submit()).id).not.toBe(first.id);
    });
  });

  it("lists newest first, in pages", async () => {
    await using service = await openTestService(cluster);
    const ids: string[] = [];
    for (const text of ["1", "2", "3"]) {
      ids.unshift((await service.submit({ "system.ts": text })).id);
    }
    const path = `/api/submissions?workshop=${WORKSHOP}&limit=2`;
    const first = await (await service.call("GET", path)).json();
    const next = `${path}&cursor=${first.cursor}`;
    const second = await (await service.call("GET", next)).json();
    const idsOf = (page: { submissions: { id: string }[] }) =>
      page.submissions.map(({ id }) => id);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
    expect(second.cursor).toBe(undefined);
  });

  const QUERIES = ["limit=0", "limit=101", "cursor=abc", "cursor=1;drop"];
  for (const query of QUERIES) {
    it(`refuses to list with ${query}`, async () => {
      await using service = await openTestService(cluster);
      const answer = await service.call("GET", `/api/submissions?${query}`);
      expect(answer.status).toBe(422);
    });
  }

  it("shows a learner's submission to nobody else", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    const stranger = await service.signUp("Stranger");
    const as = { headers: { authorization: `Bearer ${stranger}` } };
    const detail = await service.send(`/api/submissions/${id}`, as);
    const events = await service.send(`/api/submissions/${id}/events`, as);
    const cancel = await service.send(`/api/submissions/${id}/cancel`, {
      ...as,
      method: "POST",
    });
    expect([detail.status, events.status, cancel.status])
      .toEqual([404, 404, 404]);
  });

  it("takes a queued submission back, once", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    const first = await service.call("POST", `/api/submissions/${id}/cancel`);
    const again = await service.call("POST", `/api/submissions/${id}/cancel`);
    expect(await first.json()).toMatchObject({ state: "canceled" });
    expect(await again.json()).toMatchObject({ code: "conflict" });
  });

  it("counts those ahead and says when to expect a verdict", async () => {
    await using service = await openTestService(cluster);
    await service.submit({ "system.ts": "done" });
    await endWith(service, "passed", [], 4_000);
    const other = await service.signUp("Other");
    await service.submit({ "system.ts": "1" });
    const answer = await service.send("/api/submissions", {
      method: "POST",
      headers: {
        authorization: `Bearer ${other}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ workshop: WORKSHOP, files: SYSTEM }),
    });
    expect((await answer.json()).queue).toEqual({ position: 2, etaMs: 8_000 });
  });
});

/** Submissions that have a job. */
async function jobsOf({ sql }: TestService): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    SELECT payload->>'submission' AS id FROM graphile_worker._private_jobs`;
  return rows.map(({ id }) => id);
}

async function eventsOf({ sql }: TestService, id: string) {
  return [
    ...await sql`
    SELECT kind, data FROM trestle.submission_event WHERE submission_id = ${id} ORDER BY seq`,
  ];
}

/** Ends everything that waits, as if a worker had graded it. */
async function endWith(
  { sql }: TestService,
  verdict: string,
  checks: unknown[] = [],
  runMs = 1_000,
): Promise<void> {
  await sql`
    UPDATE trestle.submission
    SET state = 'finished', verdict = ${verdict}, checks = ${
    JSON.stringify(checks)
  }::text::jsonb,
      claimed_at = now() - make_interval(secs => ${
    runMs / 1000
  }), finished_at = now()
    WHERE state = 'queued'`;
}
