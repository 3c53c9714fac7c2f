import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readFrames } from "./testing/event_frames.ts";
import { gatedGrade, passAll } from "./testing/fake_grade.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService, type TestService } from "./testing/test_service.ts";
import { work } from "./testing/working.ts";

const ALL_KINDS = [
  "queued",
  "claimed",
  "run_started",
  "check_finished",
  "stage_finished",
  "check_finished",
  "stage_finished",
  "run_finished",
];

describe("GET /api/submissions/:id/events", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("tells a run from its beginning to its end, then closes", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    const frames = readFrames(await open(service, id));
    await using _worker = await work(service, passAll);
    const kept = (await Array.fromAsync(frames)).filter((frame) => frame.id);
    expect(kept.map(({ data }) => data.kind)).toEqual(ALL_KINDS);
    expect(kept.map((frame) => Number(frame.id))).toEqual(
      ALL_KINDS.map((_, index) => index + 1),
    );
    expect(kept.at(-1)!.data).toMatchObject({
      kind: "run_finished",
      report: { verdict: "passed" },
    });
  });

  it("goes on after the last event that the reader has", async () => {
    await using service = await openTestService(cluster);
    const { grade, started, open: openGate } = gatedGrade();
    await using _worker = await work(service, grade);
    const { id } = await service.submit();
    await started;
    const seen: number[] = [];
    for await (const frame of readFrames(await open(service, id))) {
      seen.push(Number(frame.id));
      if (frame.data.kind === "claimed") break;
    }
    openGate();
    const rest = readFrames(await open(service, id, seen.at(-1)));
    for await (const frame of rest) seen.push(Number(frame.id));
    expect(seen).toEqual(ALL_KINDS.map((_, index) => index + 1));
  });

  it("tells a reader who has seen all not to come back", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    await service.call("POST", `/api/submissions/${id}/cancel`);
    const frames = await Array.fromAsync(readFrames(await open(service, id)));
    const again = await open(service, id, Number(frames.at(-1)!.id));
    expect(frames.at(-1)!.data).toEqual({
      kind: "canceled",
      reason: "by_learner",
    });
    expect(again.status).toBe(204);
  });

  it("tells a place in the line as it changes, outside the kept events", async () => {
    await using service = await openTestService(cluster);
    const other = await service.signUp("Other");
    await service.submit({ "system.ts": "1" }, {
      authorization: `Bearer ${other}`,
    });
    const { id } = await service.submit();
    const frames = readFrames(await open(service, id));
    const first = (await frames.next()).value!;
    await service.sql`
      SELECT trestle.cancel(id, 'by_learner') FROM trestle.submission WHERE id <> ${id}`;
    const moved = await firstWhere(frames, ({ data }) => data.position === 1);
    expect(first.data).toMatchObject({ kind: "queued", position: 2 });
    expect(moved).toMatchObject({ id: undefined, data: { kind: "queued" } });
    await frames.return(undefined);
  });

  it("misses nothing while its database connection is away", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    const frames = readFrames(await open(service, id));
    await frames.next();
    const ended = await service.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND datname = current_database() AND query ILIKE 'listen%'`;
    expect(ended).toHaveLength(1);
    await service.call("POST", `/api/submissions/${id}/cancel`);
    const last = await firstWhere(
      frames,
      ({ data }) => data.kind === "canceled",
    );
    expect(last.id).toBe("2");
  });

  const WRONG = [["not-a-uuid", 422], [crypto.randomUUID(), 404]] as const;
  for (const [id, status] of WRONG) {
    it(`answers ${status} for ${id}`, async () => {
      await using service = await openTestService(cluster);
      expect((await open(service, id)).status).toBe(status);
    });
  }

  it("starts over for a Last-Event-ID that is none of ours", async () => {
    await using service = await openTestService(cluster);
    const { id } = await service.submit();
    const answer = await service.send(`/api/submissions/${id}/events`, {
      headers: {
        authorization: `Bearer ${service.token}`,
        "last-event-id": "1; DROP TABLE trestle.submission",
      },
    });
    const frames = readFrames(answer);
    expect((await frames.next()).value!.id).toBe("1");
    await frames.return(undefined);
  });
});

describe("GET /api/events", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("shows my submissions whenever they change, and nobody else's", async () => {
    await using service = await openTestService(cluster);
    const other = await service.signUp("Other");
    const frames = readFrames(await service.call("GET", "/api/events"));
    const first = frames.next();
    await service.submit({ "system.ts": "1" }, {
      authorization: `Bearer ${other}`,
    });
    const { id } = await service.submit();
    expect((await first).value!.data).toMatchObject({ id, state: "queued" });
    await using _worker = await work(service, passAll);
    const last = await firstWhere(
      frames,
      ({ data }) => data.state === "finished",
    );
    expect(last.data).toMatchObject({ id, verdict: "passed" });
    await frames.return(undefined);
  });
});

async function open(
  { send, token }: TestService,
  id: string,
  lastEventId?: number,
): Promise<Response> {
  return await send(`/api/submissions/${id}/events`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { "last-event-id": `${lastEventId}` }),
    },
  });
}

async function firstWhere<Frame>(
  frames: AsyncGenerator<Frame>,
  isWanted: (frame: Frame) => boolean,
): Promise<Frame> {
  while (true) {
    const { value, done } = await frames.next();
    if (done) throw new Error("The stream ended without the wanted event");
    if (isWanted(value)) return value;
  }
}
