import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  ack,
  type Delivery,
  newQueue,
  publish,
  receive,
  receiveOne,
  settle,
} from "./broker.ts";

/** What may write: a statement, or a call of a function. */
const WRITE = /delete|update|insert|merge|select\s+(\*\s+from\s+)?[\w.]+\s*\(/i;

describe("05.4 Visibility and fencing", () => {
  check("05.4a", {
    title: "gives a message again when its receiver never acknowledged it",
    kind: "fault",
    hint:
      "Receiving hides a message until a due time that is stored with it; nothing is deleted before the ack.",
    instances: 2,
  }, async (lab) => {
    const visibilityMs = 1000 * lab.random.integer(60, 600);
    const queue = await newQueue(lab, { visibilityMs: 2 * visibilityMs });
    const replaced = await lab.put(`/queues/${queue}`, { visibilityMs });
    expect(replaced, "A second PUT replaces the settings").toHaveStatus(200);
    const id = await publish(lab, queue, { body: lab.random.word() });
    const first = await receiveOne(lab.on(1), queue);
    expect(first.attempts, "The first delivery is attempt 1").toBe(1);
    await lab.on(1).kill();

    await lab.clock.advance(visibilityMs - 1);
    expect(
      await receive(lab, queue),
      "Until its visibility time is over a message is hidden",
    ).toEqual([]);
    await lab.clock.advance(1);
    const second = await receiveOne(
      lab,
      queue,
      "When its visibility time is over it is delivered again",
    );
    expect(
      { id: second.id, attempts: second.attempts },
      "…as attempt 2",
    ).toEqual({ id, attempts: 2 });
    await lab.on(1).restart();
    await ack(lab.on(1), second);
    await lab.clock.advance(2 * visibilityMs);
    expect(await receive(lab, queue), "After the ack it never comes back")
      .toEqual([]);
  });

  check("05.4b", {
    title: "lets a receipt act for its own delivery only, and in its time only",
    kind: "api",
    hint:
      "Make a new receipt with every delivery, and ask for receipt and time in the statement that writes.",
  }, async (lab) => {
    const queue = await newQueue(lab, { visibilityMs: 60_000 });
    await publish(lab, queue, { body: lab.random.word() });
    const first = await receiveOne(lab, queue);
    const longer = await settle(lab, first, "extend", {
      visibilityMs: 90_000,
    });
    expect(longer, "Extend answers 204").toHaveStatus(204);
    await lab.clock.advance(60_000);
    expect(await receive(lab, queue), "An extended delivery stays hidden")
      .toEqual([]);
    const again = await settle(lab, first, "extend", { visibilityMs: 60_000 });
    expect(again, "…and its receipt is good for as long").toHaveStatus(204);
    await lab.clock.advance(59_999);
    expect(await receive(lab, queue), "Extend begins the time anew, now")
      .toEqual([]);
    await lab.clock.advance(1);
    await expectStale(
      lab,
      first,
      "Its time is over, though nobody else has it yet",
    );
    const second = await receiveOne(lab, queue);
    await expectStale(lab, first, "The message is out under another receipt");
    expect(
      await receive(lab, queue),
      "…which the old one has not set free",
    ).toEqual([]);

    expect(await settle(lab, second, "nack"), "Nack answers 204")
      .toHaveStatus(204);
    await expectStale(lab, second, "A receipt ends with its nack");
    const third = await receiveOne(lab, queue);
    expect(third.attempts, "Without backoff it comes at once, as attempt 3")
      .toBe(3);
    await ack(lab, third);
    await expectStale(lab, third, "A receipt ends with its ack");
    const unknown = { ...third, receipt: lab.random.word(20) };
    await expectStale(lab, unknown, "Nobody has ever given this receipt");
  });

  check("05.4c", {
    title: "refuses a receiver that slept through its time",
    kind: "fault",
    hint:
      "Between your check and your write the time may run out. Put the check into the WHERE of what writes.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab, { visibilityMs: 60_000 });
    const [awake, sleepy] = [lab.on(0), lab.on(1)];

    await publish(lab, queue, { body: lab.random.word() });
    const first = await receiveOne(sleepy, queue);
    await sleepy.freeze();
    const frozen = settle(sleepy, first, "ack");
    await lab.clock.advance(60_000);
    const second = await receiveOne(awake, queue);
    sleepy.resume();
    expect(
      await frozen,
      "An ack that comes to work after its time is refused",
    ).toHaveStatus(410);
    await ack(awake, second);

    const acked = await settleLate(lab, queue, "ack");
    expect(acked.answer, "A late ack is either refused or was in time")
      .toHaveStatus(204, 410);
    if (acked.answer.status === 204) {
      expect(acked.others, "An ack that was in time: nobody else has it")
        .toEqual([]);
    } else {
      const taken = acked.others[0] ?? await receiveOne(awake, queue);
      expect(taken.id, "An ack that was refused: somebody else has it")
        .toBe(acked.id);
      await ack(awake, taken);
    }

    const nacked = await settleLate(lab, queue, "nack");
    expect(nacked.answer, "A late nack is either refused or was in time")
      .toHaveStatus(204, 410);
    if (nacked.others.length > 0) {
      expect(
        await receive(awake, queue),
        "A late nack does not set free what somebody else has",
      ).toEqual([]);
    }
    await ack(awake, nacked.others[0] ?? await receiveOne(awake, queue));
    await lab.clock.advance(120_000);
    expect(await receive(lab, queue), "In the end the message is gone")
      .toEqual([]);
  });

  check("05.4d", {
    title: "goes by one clock, however wrong those of the instances are",
    kind: "fault",
    hint:
      "Due times are written and compared by the database: now() in the statement, not a time of your own.",
    instances: 2,
  }, async (lab) => {
    const queue = await newQueue(lab, { visibilityMs: 60_000 });
    const [right, ahead] = [lab.on(0), lab.on(1)];
    lab.clock.skew(ahead, 300_000);
    await publish(right, queue, { body: "held by the right one" });
    await publish(ahead, queue, { body: "held by the one ahead" });
    const first = await receiveOne(right, queue);
    const second = await receiveOne(ahead, queue);
    expect(
      await settle(ahead, second, "extend", { visibilityMs: 60_000 }),
      "On an instance whose clock is 5 min ahead a delivery can be extended",
    ).toHaveStatus(204);
    expect(
      await receive(ahead, queue),
      "…and it gives out nothing too early",
    ).toEqual([]);
    await lab.clock.advance(60_000);
    const rule = "What it gave out comes back no later than the rest";
    const again = [
      await receiveOne(right, queue, rule),
      await receiveOne(right, queue, rule),
    ];
    expect(again.map(({ id }) => id).sort(), rule)
      .toEqual([first.id, second.id].sort());
    expect(
      await settle(ahead, again[0]!, "ack"),
      "An ack that is in time counts on the instance ahead, too",
    ).toHaveStatus(204);
  });
});

/** Holds what is written for `how` until its time is over and somebody else has asked; `others` is what that one got. */
async function settleLate(lab: Lab, queue: string, how: "ack" | "nack") {
  const [awake, sleepy] = [lab.on(0), lab.on(1)];
  await publish(lab, queue, { body: lab.random.word() });
  const slept = await receiveOne(sleepy, queue);
  using gate = lab.holdNext(sleepy, "postgres", WRITE);
  const settling = settle(sleepy, slept, how);
  // Whoever keeps receipts elsewhere is done before it comes to the gate, and in time.
  await Promise.race([gate.reached, settling]);
  await lab.clock.advance(60_000);
  const others = await receive(awake, queue, { waitMs: 200 });
  gate.release();
  return { id: slept.id, answer: await settling, others };
}

async function expectStale(
  lab: Lab,
  delivery: Delivery,
  why: string,
): Promise<void> {
  for (const how of ["ack", "nack", "extend"] as const) {
    const body = how === "extend" ? { visibilityMs: 60_000 } : undefined;
    const answer = await settle(lab, delivery, how, body);
    expect(answer, `${why}: ${how} is 410`).toHaveStatus(410);
    expect(answer.json?.code, "…and the answer says so").toBe("stale_receipt");
  }
}
