import { describe } from "@std/testing/bdd";
import { check, expect, type Requester } from "@lab";
import {
  ack,
  type Delivery,
  drain,
  newQueue,
  publish,
  receive,
  receiveOne,
  settle,
  statsOf,
} from "./broker.ts";

const BACKOFF_MS = 10_000;
const MESSAGES = 24;

describe("05.5 Retries and dead letters", () => {
  check("05.5a", {
    title: "waits longer after each failure, and not the same time for all",
    kind: "pg",
    hint:
      "Attempt n failed: due again in backoffMs × 2^(n−1) × (0.5 … 1.5), drawn for each message.",
    timeoutMs: 20_000,
  }, async (lab) => {
    const dlq = await newQueue(lab);
    const queue = await newQueue(lab, {
      maxAttempts: 20,
      dlq,
      backoffMs: BACKOFF_MS,
    });
    await lab.burst(
      MESSAGES,
      (index) => lab.post(`/queues/${queue}/messages`, { body: `${index}` }),
    );
    for (let attempt = 1; attempt <= 4; attempt++) {
      const all = await receive(lab, queue, { max: 100 });
      expect(all.map(({ attempts }) => attempts), "All are delivered again")
        .toEqual(Array(MESSAGES).fill(attempt));
      await lab.burst(MESSAGES, (index) => settle(lab, all[index]!, "nack"));
      const meanMs = BACKOFF_MS * 2 ** (attempt - 1);
      expect(await statsOf(lab, queue), "A message that backs off is delayed")
        .toEqual({ ready: 0, inFlight: 0, delayed: MESSAGES });
      await lab.clock.advance(meanMs / 2 - 1);
      expect(
        (await statsOf(lab, queue)).ready,
        `After attempt ${attempt} none comes before 0.5 × ${meanMs} ms`,
      ).toBe(0);
      await lab.clock.advance(meanMs / 2 + 1);
      // Each is ready with probability 1/2: all or none by chance once in 8 million, four times a run.
      await lab.eventually(async () => {
        const { ready } = await statsOf(lab, queue);
        expect(
          ready > 0 && ready < MESSAGES,
          `After ${meanMs} ms some of ${MESSAGES} are due and some are not (${ready} are)`,
        ).toBe(true);
      }, { withinMs: 2_000 });
      await lab.clock.advance(meanMs / 2);
      await lab.eventually(async () => {
        expect(
          (await statsOf(lab, queue)).ready,
          `…and all after 1.5 × ${meanMs} ms`,
        ).toBe(MESSAGES);
      });
    }
  });

  check("05.5b", {
    title: "puts aside what nobody could handle, with its history",
    kind: "pg",
    hint:
      "A worker that is killed by a message never sends a nack: count the deliveries that ran out, too.",
    instances: 2,
  }, async (lab) => {
    const dlq = await newQueue(lab);
    const queue = await newQueue(lab, {
      visibilityMs: 60_000,
      maxAttempts: 3,
      dlq,
    });
    const body = lab.random.word();
    const reasons = [lab.random.word(), lab.random.word()];
    const id = await publish(lab, queue, { body });
    await nack(lab, await receiveOne(lab, queue), reasons[0]!);
    await receiveOne(lab, queue);
    await lab.clock.advance(60_000);
    await nack(lab, await receiveOne(lab, queue), reasons[1]!);
    const failed = await receiveOne(lab, dlq);
    expect(failed, "After the last attempt the message is in its dlq")
      .toMatchObject({
        id,
        body,
        attempts: 1,
        dead: {
          queue,
          history: [
            { attempt: 1, outcome: "nacked", reason: reasons[0] },
            { attempt: 2, outcome: "expired" },
            { attempt: 3, outcome: "nacked", reason: reasons[1] },
          ],
        },
      });
    await ack(lab, failed);

    const poison = await publish(lab, queue, { body });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await receiveOne(lab.on(attempt), queue);
      await lab.clock.advance(60_000);
    }
    const killer = await receiveOne(lab.on(1), dlq);
    expect(killer.id, "A message that only ever ran out is put aside as well")
      .toBe(poison);
    expect(
      killer.dead.history.map((entry: { outcome: string }) => entry.outcome),
      "…with its history",
    ).toEqual(["expired", "expired", "expired"]);
    expect(await receive(lab, queue), "Its old queue does not give it again")
      .toEqual([]);
    expect(await statsOf(lab, queue), "…and is empty")
      .toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  check("05.5c", {
    title: "sends dead letters back once, however many press the button",
    kind: "race",
    hint:
      "The statement that moves them must ask whether they are still in the dlq.",
    instances: 2,
  }, async (lab) => {
    const dlq = await newQueue(lab);
    const queue = await newQueue(lab, { maxAttempts: 1, dlq });
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) {
      ids.push(await publish(lab, queue, { body: lab.random.word() }));
      await nack(lab, await receiveOne(lab, queue), "broken");
    }
    const held = await receive(lab, dlq, { max: 2 });
    expect(held, "Dead letters can be received").toHaveLength(2);
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(6, (index) => lab.on(index).post(`/queues/${dlq}/redrive`)),
    );
    expect(answers.statuses, "Each redrive is answered").toEqual({ 200: 6 });
    const moved = answers.map(({ json }) => json?.moved as number);
    expect(
      moved.reduce((sum, count) => sum + count, 0),
      "Of 8 dead letters 2 are being looked at: together 6 redrives move 6",
    ).toBe(6);
    const back = await drain(lab, queue);
    expect(
      back.map(({ id, attempts }) => `${id} ${attempts}`).sort(),
      "Each is back in its queue once, and begins at attempt 1",
    ).toEqual(
      ids.filter((id) => held.every((delivery) => delivery.id !== id))
        .map((id) => `${id} 1`).sort(),
    );
    expect(await statsOf(lab, dlq), "What was being looked at stays")
      .toEqual({ ready: 0, inFlight: 2, delayed: 0 });
  });

  check("05.5d", {
    title: "never has a message in two queues or in none, wherever it crashes",
    kind: "fault",
    hint: "Leaving the one and entering the other are one transaction.",
    timeoutMs: 120_000,
  }, async (lab) => {
    let dlq = "";
    let queue = "";
    let last: Delivery | undefined;
    await lab.crashSweep({
      pointsMax: 10,
      before: async () => {
        dlq = await newQueue(lab);
        queue = await newQueue(lab, { maxAttempts: 1, dlq });
        await publish(lab, queue, { body: lab.random.word() });
        last = await receiveOne(lab, queue);
      },
      operation: () => settle(lab, last!, "nack"),
      verify: async () => {
        // If the nack did not come through, the delivery runs out instead.
        await lab.clock.advance(60_000);
        const { id } = await receiveOne(lab, dlq);
        expect(id, "The message is in its dlq").toBe(last!.id);
        expect(
          [...await receive(lab, dlq), ...await receive(lab, queue)],
          "…and nowhere else",
        ).toEqual([]);
      },
    });
  });
});

async function nack(
  system: Requester,
  delivery: Delivery,
  reason: string,
): Promise<void> {
  expect(
    await settle(system, delivery, "nack", { reason }),
    "Nack of a message in flight answers 204",
  ).toHaveStatus(204);
}
