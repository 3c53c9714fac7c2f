import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  type Lab,
  type Operation,
  type QueueInput,
  recordHistory,
  type Requester,
  totalQueue,
} from "@lab";
import { drain, newQueue, publish, receive, statsOf } from "./broker.ts";

/** Not the default, so that the number in the config decides. */
const DEDUP_SEC = 600;

describe("05.2 Durable", () => {
  check("05.2a", {
    title:
      "still has every message that it took, when all instances are killed",
    kind: "fault",
    hint:
      "201 is a promise: give it when the message is in Postgres, not before.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const publishing = publisherTo(lab, queue);
    const nul = `null \u0000 ${lab.random.word()}`;
    const answers = await publishing.send(
      20,
      (index) => index === 0 ? nul : lab.random.word(),
    );
    for (const answer of answers) {
      expect(answer, "Twenty at once are taken, each with 201")
        .toHaveStatus(201);
    }
    await allStored(lab, queue);
    await lab.holdWrites("postgres", async () => {
      const sent = publishing.send(20, () => lab.random.word());
      await writersWait(lab);
      // Answers that need no database have gone out before these.
      await lab.burst(2, (index) => lab.on(index).get("/nothing/here"));
      await Promise.all(lab.instances.map((instance) => instance.kill()));
      await sent;
    });
    await lab.on(1).restart();
    await publishing.expectAllIn(lab.on(1));
  });

  check("05.2b", {
    title: "never answers 201 for a message that the database has not taken",
    kind: "fault",
    hint:
      "A query that fails may or may not have been carried out: that is a 500, and the client's to decide. Not a 201.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const publishing = publisherTo(lab, queue);
    await publishing.send(4, () => lab.random.word());
    await lab.holdWrites("postgres", async () => {
      const sent = publishing.send(16, () => lab.random.word());
      await writersWait(lab);
      await lab.dropConnections("postgres");
      await sent;
    });
    await lab.eventually(async () => {
      const answers = await publishing.send(24, () => lab.random.word());
      expect(
        answers.every(({ outcome }) => outcome === "ok"),
        "When the database is back, messages are taken again",
      ).toBe(true);
    });
    await publishing.expectAllIn(lab.on(1));
  });

  check("05.2c", {
    title: "takes a dedupId once, however many try at the same time",
    kind: "race",
    hint:
      "Let a unique key decide, in the statement that stores the message; who comes second answers with the first one's id.",
    instances: 2,
    config: { dedupSec: DEDUP_SEC },
  }, async (lab) => {
    const queue = await newQueue(lab);
    const dedupId = lab.random.word(16);
    const path = `/queues/${queue}/messages`;
    const send = (index: number) =>
      lab.on(index).post(path, { body: `${index}`, dedupId });
    const answers = await lab.holdWrites("postgres", () => lab.burst(20, send));
    expect(answers.statuses, "All 20 are told that it is in")
      .toEqual({ 201: 20 });
    const ids = new Set(answers.map(({ json }) => json?.id));
    expect(ids.size, "…and all are given the id of one message").toBe(1);
    const drained = await drain(lab, queue);
    expect(drained.map(({ id }) => id), "That message is there, once")
      .toEqual([...ids]);

    await lab.clock.advance(1000 * (DEDUP_SEC - 10));
    const late = await send(1);
    expect(
      late.json?.id,
      `The id is remembered for dedupSec (${DEDUP_SEC} here), also when the message is gone`,
    ).toBe(drained[0]!.id);
    expect(await receive(lab, queue), "…and nothing is stored").toEqual([]);
    const other = await newQueue(lab);
    const elsewhere = await lab.post(`/queues/${other}/messages`, {
      body: "x",
      dedupId,
    });
    expect(elsewhere.json?.id, "Another queue has dedupIds of its own")
      .not.toBe(drained[0]!.id);
    const nowhere = `/queues/q-${lab.random.word().toLowerCase()}/messages`;
    expect(
      await lab.post(nowhere, { body: "x", dedupId }),
      "With a dedupId, too, a queue that nobody made is 404",
    ).toHaveStatus(404);

    await lab.clock.advance(10_000);
    const fresh = await send(0);
    expect(fresh, "dedupSec after the first time it is taken again")
      .toHaveStatus(201);
    expect(
      (await receive(lab, queue)).map(({ id }) => id),
      "…as a new message",
    ).toEqual([fresh.json?.id]);
  });

  check("05.2d", {
    title: "stores a message once when its sender tries again after a crash",
    kind: "fault",
    hint:
      "dedupId and message belong in one transaction: with one and not the other, the retry is refused or doubled.",
    timeoutMs: 120_000,
  }, async (lab) => {
    let queue = "";
    let dedupId = "";
    const send = () =>
      lab.post(`/queues/${queue}/messages`, { body: dedupId, dedupId });
    await lab.crashSweep({
      pointsMax: 10,
      before: async () => {
        queue = await newQueue(lab);
        dedupId = lab.random.word(16);
      },
      operation: send,
      verify: async () => {
        expect(await send(), "The second try answers 201").toHaveStatus(201);
        const drained = await drain(lab, queue);
        expect(
          drained.map(({ body }) => body),
          "After a crash and a second try the message is there exactly once",
        ).toEqual([dedupId]);
      },
    });
  });

  check("05.2e", {
    title: "sets up its tables, however many instances start at once",
    kind: "pg",
    hint:
      "CREATE TABLE IF NOT EXISTS looks first and creates then; two can look at the same moment.",
    instances: 2,
  }, async (lab) => {
    await newQueue(lab);
    await lab.setUpTogether();
    const queue = await newQueue(lab);
    const id = await publish(lab.on(0), queue, { body: lab.random.word() });
    const deliveries = await receive(lab.on(1), queue);
    expect(
      deliveries.map((delivery) => delivery.id),
      "After a start at the same moment one instance gives what the other takes",
    ).toEqual([id]);
  });
});

/** Sends messages, and says at the end whether what was promised is there. */
function publisherTo(lab: Lab, queue: string) {
  const history = recordHistory<QueueInput<string>, string | null>();
  const sendOne = (body: string, system: Requester): Promise<Answer> =>
    history.record(
      { client: "publisher", input: { kind: "enqueue", element: body } },
      () => system.post(`/queues/${queue}/messages`, { body }),
      () => null,
    );
  return {
    send: (count: number, bodyOf: (index: number) => string) =>
      lab.burst(count, (index) => sendOne(bodyOf(index), lab.on(index))),
    async expectAllIn(system: Requester) {
      const drained = await drain(system, queue);
      const dequeues = drained.map(({ body }): Operation<
        QueueInput<string>,
        string
      > => ({
        client: "receiver",
        input: { kind: "dequeue" },
        output: body,
        outcome: "ok",
        startedAtMs: 0,
        endedAtMs: 0,
      }));
      const { verdict, message } = totalQueue([
        ...history.operations,
        ...dequeues,
      ]);
      if (verdict === "unknown") lab.inconclusive(message);
      expect(message, "What was answered 201 comes out, and nothing else does")
        .toBe("");
    },
  };
}

/** Asks both, so that none of those before is still on its way when writes are held. */
async function allStored(lab: Lab, queue: string): Promise<void> {
  for (const instance of lab.instances) await statsOf(instance, queue);
}

/** Resolves when a statement of the system's waits for the held tables. */
async function writersWait(lab: Lab): Promise<void> {
  const isWaiting = lab.eventually(async () => {
    const [row] = await lab.sql`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expect(row!.waiting).toBeGreaterThan(0);
  }, { withinMs: 2_000 });
  await isWaiting.catch(() => lab.inconclusive("No write was under way"));
}
