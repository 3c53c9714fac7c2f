import { describe } from "@std/testing/bdd";
import {
  check,
  expect,
  type Lab,
  type Requester,
  rowsRead,
  vacuum,
} from "@lab";
import {
  type Delivery,
  newQueue,
  publish,
  receive,
  receiveOne,
  settle,
  statsOf,
} from "./broker.ts";

const RECEIVES = 20;

describe("05.9 Load", () => {
  check("05.9a", {
    title: "moves hundreds of messages in a few statements, not in hundreds",
    kind: "load",
    hint:
      "One statement takes a list: unnest() in, = ANY() for receipts (and their time), LIMIT for receive.",
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const bodies = Array.from({ length: 600 }, () => lab.random.word(6));
    await publishAll(lab, queue, ["warm", "up"]);
    await ackAll(lab, await receive(lab, queue, { max: 2 }));
    const slow = await newQueue(lab);
    await publish(lab, slow, { body: "slow" });
    const late = await receiveOne(lab, slow);
    await lab.clock.advance(60_000);

    const publishing = await lab.count(() => publishAll(lab, queue, bodies));
    expect(
      publishing.wire.postgres.messages,
      "Publishing 600 messages at once costs at most 5 messages to Postgres",
    ).toBeLessThanOrEqual(5);
    const receiving = await lab.count(async () => [
      await receive(lab, queue, { max: 100 }),
      await receive(lab, queue, { max: 1000 }),
    ]);
    const [hundred, others] = receiving.result as [Delivery[], Delivery[]];
    expect(
      [...hundred, ...others].map(({ body }) => body),
      "They come in the order of the list",
    ).toEqual(bodies);
    expect(
      receiving.wire.postgres.messages,
      "Receiving 100 and then 500 costs at most 5 messages each",
    ).toBeLessThanOrEqual(10);

    await settle(lab, hundred[0]!, "ack");
    const acking = await lab.count(() =>
      ackAll(lab, [late, ...hundred, ...others])
    );
    expect(
      [...acking.result].sort(),
      "Of 601 receipts two are stale: one was used, and the time of one is over",
    ).toEqual([late.receipt, hundred[0]!.receipt].sort());
    expect(
      acking.wire.postgres.messages,
      "Acknowledging a list costs at most 5 messages",
    ).toBeLessThanOrEqual(5);
    expect(await statsOf(lab, queue), "…and all 600 are gone")
      .toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    const rule = "A late ack in a list takes nothing away";
    expect((await receiveOne(lab, slow, rule)).id, rule).toBe(late.id);
  });

  check("05.9b", {
    title: "reads no more rows for the next message than there are to be read",
    kind: "load",
    hint:
      "What is done must be out of the way of what is next: delete it, or keep it out of the index (WHERE not done).",
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    for (let round = 0; round < 5; round++) {
      await publishAll(lab, queue, Array(1000).fill("done"));
      await ackAll(lab, await receive(lab, queue, { max: 1000 }));
    }
    await publishAll(lab, queue, Array(50).fill("next"));
    await vacuum(lab);
    let received = 0;
    const rows = await rowsRead(lab, async () => {
      while (received < RECEIVES) {
        await lab.eventually(async () => {
          const deliveries = await receive(lab, queue);
          expect(deliveries[0]?.body, "The next message comes").toBe("next");
        });
        received++;
      }
    });
    expect(
      rows / RECEIVES,
      "With 5,000 acknowledged messages behind it and 50 ready, a receive reads at most 500 rows",
    ).toBeLessThanOrEqual(500);
  });

  check("05.9c", {
    title: "works off at least 0.55 times as many messages as the reference",
    kind: "load",
    hint:
      "With 30 ms per round trip only their number and their order matter: receivers need not wait for each other.",
    timeoutMs: 60_000,
  }, async (lab) => {
    const queue = `q-${lab.random.word(8).toLowerCase()}`;
    const { ratio, cost } = await lab.ratio({
      // All at once, so that whoever waits for the others waits eight times as long.
      operations: 8,
      // So much that a busy machine, which slows all down alike, does not hide it.
      latencyMs: 30,
      // Of rounds this long three are enough, and a stage is to end within 3 s.
      rounds: 3,
      prepare: async (system) => {
        const made = await system.put(`/queues/${queue}`, {});
        expect(made, "PUT makes a queue").toHaveStatus(201);
      },
      operation: async (system, index) => {
        await publish(system, queue, { body: `${index}` });
        const [delivery] = await receive(system, queue, { waitMs: 5_000 });
        return await settle(system, delivery!, "ack");
      },
    });
    expect(ratio, `Messages per second, divided by the reference's (${cost})`)
      .toBeGreaterThanOrEqual(0.55);
  });
});

async function publishAll(
  system: Requester,
  queue: string,
  bodies: readonly string[],
): Promise<void> {
  const answer = await system.post(`/queues/${queue}/batch`, {
    messages: bodies.map((body) => ({ body })),
  });
  expect(answer, "A batch is taken with 201").toHaveStatus(201);
  expect(answer.json?.ids, "…and each message has an id")
    .toHaveLength(bodies.length);
}

/** Gives the receipts that were stale. */
async function ackAll(
  lab: Lab,
  deliveries: readonly Delivery[],
): Promise<string[]> {
  const answer = await lab.post("/receipts/ack", {
    receipts: deliveries.map(({ receipt }) => receipt),
  });
  expect(answer, "Acknowledging a batch answers 200").toHaveStatus(200);
  return answer.json?.stale;
}
