import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  ack,
  deliveriesOf,
  newQueue,
  publish,
  receive,
  receiveOne,
  settle,
  statsOf,
  waitFor,
} from "./broker.ts";

/** Not the default, so that the number in the config decides. */
const AGING_MS = 30_000;
/** Nothing runs out while the order is looked at. */
const LONG_MS = 12 * 3_600_000;

describe("05.6 Priority, delay, fairness", () => {
  check("05.6a", {
    title: "gives the highest priority first, and the oldest of equals",
    kind: "api",
    hint:
      "Of messages that came at one moment: the highest priority first, then the order of publication. Time is the database's.",
    instances: 2,
  }, async (lab) => {
    lab.clock.skew(lab.on(1), 300_000);
    const queue = await newQueue(lab, { visibilityMs: LONG_MS });
    const sent: { id: string; priority: number }[] = [];
    for (let index = 0; index < 30; index++) {
      const priority = lab.random.integer(0, 9);
      const message = {
        body: `${index}`,
        ...(priority && { priority }),
        ...(index % 3 === 0 && { dedupId: `d${index}` }),
      };
      sent.push({ id: await publish(lab.on(index), queue, message), priority });
    }
    const received: string[] = [];
    for (let index = 0; received.length < sent.length; index++) {
      const max = lab.random.integer(1, 6);
      const deliveries = await receive(lab.on(index), queue, { max });
      expect(deliveries.length, "As many come as are there, up to max")
        .toBe(Math.min(max, sent.length - received.length));
      received.push(...deliveries.map(({ id }) => id));
    }
    expect(received, "Highest priority first, oldest first among equals")
      .toEqual(
        [...sent].sort((a, b) => b.priority - a.priority).map(({ id }) => id),
      );
  });

  check("05.6b", {
    title: "lets priority rise with waiting, so that nobody starves",
    kind: "api",
    hint:
      "One step per agingSec for all alike: then the order between two messages never changes, and one number can hold it.",
    config: { agingSec: AGING_MS / 1000 },
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab, { visibilityMs: LONG_MS });
    const patient = await publish(lab, queue, { body: "patient", priority: 0 });
    let receives = 0;
    let isServed = false;
    while (!isServed && receives < 50) {
      for (let index = 0; index < 5; index++) {
        await publish(lab, queue, { body: "urgent", priority: 9 });
      }
      await lab.clock.advance(AGING_MS);
      const deliveries = await receive(lab, queue, { max: 5 });
      receives += deliveries.length;
      isServed = deliveries.some(({ id }) => id === patient);
    }
    expect(
      isServed,
      "In a flood of priority 9, five every agingSec (30 here), a message of priority 0 comes within 50",
    ).toBe(true);

    const other = await newQueue(lab, { visibilityMs: LONG_MS });
    const waiting: { id: string; rankMs: number }[] = [];
    for (let step = 0; step < 60; step++) {
      await lab.clock.advance(AGING_MS / 4 * lab.random.integer(0, 8));
      const priority = lab.random.integer(0, 9);
      const id = await publish(lab, other, { body: `${step}`, priority });
      waiting.push({ id, rankMs: lab.clock.now() - priority * AGING_MS });
      if (lab.random.fraction() < 0.3) continue;
      // sort() keeps the order of equals: the one that was published first.
      waiting.sort((a, b) => a.rankMs - b.rankMs);
      const [delivery] = await receive(lab, other);
      expect(
        delivery?.id,
        "The message with the highest priority + waited ÷ agingSec comes, the oldest of equals",
      ).toBe(waiting.shift()!.id);
    }
    await expectWaitingSinceFirstDue(lab);
  });

  check("05.6c", {
    title: "hides a delayed message until it is due, whatever dies meanwhile",
    kind: "fault",
    hint:
      "A due time in the row, compared with now() by whoever looks. A timer dies with its process.",
    instances: 2,
    timeoutMs: 30_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const delayMs = 1000 * lab.random.integer(60, 3600);
    lab.clock.skew(lab.on(1), 300_000);
    const late = await publish(lab.on(1), queue, { body: "late", delayMs });
    const later = await publish(lab.on(1), queue, {
      body: "later",
      delayMs: delayMs + 1_000,
      dedupId: "later",
    });
    const soon = await publish(lab.on(1), queue, { body: "soon" });
    expect(
      await statsOf(lab, queue),
      "A message that is not due is delayed, with a dedupId or without",
    ).toEqual({ ready: 1, inFlight: 0, delayed: 2 });
    await lab.on(1).kill();
    const [first] = await receive(lab, queue, { max: 10 });
    expect(first?.id, "Others go past it").toBe(soon);
    await ack(lab, first!);
    await lab.clock.advance(delayMs - 1);
    expect(await receive(lab, queue), "A moment too early it is not there")
      .toEqual([]);
    const waiting = waitFor(lab, queue);
    await statsOf(lab, queue);
    await lab.clock.advance(1);
    expect(
      deliveriesOf(await waiting).map(({ id }) => id),
      "Who waits is given it when it is due, though its instance is gone",
    ).toEqual([late]);
    await lab.clock.advance(1_000);
    const rule = "The one with a dedupId comes when it is due";
    expect((await receiveOne(lab, queue, rule)).id, rule).toBe(later);
  });
});

/** One message is published first and due last; the other one fails, and keeps its place. */
async function expectWaitingSinceFirstDue(lab: Lab): Promise<void> {
  const queue = await newQueue(lab, { visibilityMs: LONG_MS });
  await publish(lab, queue, { body: "due last", delayMs: 2 * AGING_MS });
  await lab.clock.advance(AGING_MS);
  const early = await publish(lab, queue, { body: "due first" });
  await lab.clock.advance(2 * AGING_MS);
  await lab.eventually(async () => {
    expect((await statsOf(lab, queue)).ready, "Both are due").toBe(2);
  });
  for (
    const rule of [
      "Waiting counts from when a message was due, not from its publication",
      "…and from when it was due first: one that has failed keeps its place",
    ]
  ) {
    const delivery = await receiveOne(lab, queue);
    expect(delivery.id, rule).toBe(early);
    const freed = await settle(lab, delivery, "nack");
    expect(freed, "Nack answers 204").toHaveStatus(204);
  }
}
