import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import {
  deliveriesOf,
  drain,
  newQueue,
  publish,
  receive,
  statsOf,
  waitFor,
} from "./broker.ts";
import { whileLocked } from "./locked_rows.ts";

/** An id this long stands for its message and for nothing else. */
const ID_LENGTH_TELLING = 10;

describe("05.3 Competing consumers", () => {
  check("05.3a", {
    title: "gives no message to two receivers, however many ask at once",
    kind: "race",
    hint:
      "Find and take in one step, under a lock: between SELECT and UPDATE nineteen others see the same row.",
    instances: 2,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const sent = Array.from({ length: 20 }, () => lab.random.word(10));
    for (const [index, body] of sent.entries()) {
      await publish(lab.on(index), queue, { body });
    }
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          20,
          (index) => lab.on(index).post(`/queues/${queue}/receive`, { max: 1 }),
        ),
    );
    expect(
      answers.filter(({ status }) => status >= 400),
      "20 receivers at once are all answered 200, some perhaps with nothing",
    ).toEqual([]);
    const answered = answers.filter(({ outcome }) => outcome === "ok");
    const first = answered.flatMap(deliveriesOf).map(({ body }) => body);
    expect(
      first.filter((body, index) => first.indexOf(body) !== index),
      "Of 20 receivers no two are given the same message",
    ).toEqual([]);
    const rest = (await drain(lab, queue)).map(({ body }) => body);
    if (answered.length < 20) {
      lab.inconclusive("An answer went astray, with a message perhaps");
    }
    expect(
      [...first, ...rest].sort(),
      "All messages come out, each once",
    ).toEqual([...sent].sort());
  });

  check("05.3b", {
    title: "goes past a message that somebody is busy with",
    kind: "race",
    hint:
      "A lock that you wait for makes everybody queue behind the first: FOR UPDATE can SKIP LOCKED.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const bodies = Array.from({ length: 5 }, () => lab.random.word(12));
    const ids: string[] = [];
    for (const body of bodies) ids.push(await publish(lab, queue, { body }));
    // An id may be a number that stands in many columns.
    const texts = [bodies[0]!, ...ids.slice(0, 1)].filter((text) =>
      text.length >= ID_LENGTH_TELLING
    );
    const answers = await whileLocked(
      lab,
      texts,
      () =>
        lab.burst(
          4,
          (index) => lab.on(index).post(`/queues/${queue}/receive`, { max: 1 }),
        ),
    );
    for (const answer of answers) {
      expect(
        answer,
        "While a transaction holds the first message, receivers are answered",
      ).toHaveStatus(200);
    }
    const given = answers.flatMap(deliveriesOf).map(({ id }) => id);
    expect(
      new Set(given).size,
      "…and each of four is given one of the five messages",
    ).toBe(4);
    expect(
      (await receive(lab, queue)).map(({ id }) => id),
      "When it is free again, the message that is left comes",
    ).toEqual(ids.filter((id) => !given.includes(id)));
  });

  check("05.3c", {
    title: "wakes receivers that wait on any instance, each with one message",
    kind: "race",
    hint:
      "The message may come in through another instance: look into the store, or be told by it.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    const waiting = lab.burst(6, (index) => waitFor(lab.on(index), queue));
    // Answers have come the same way from both: the receivers are there and wait.
    for (let index = 0; index < 4; index++) await statsOf(lab.on(index), queue);
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) {
      ids.push(await publish(lab, queue, { body: lab.random.word() }));
    }
    const deliveries = (await waiting).map(deliveriesOf);
    expect(
      deliveries.map(({ length }) => length),
      "Six receivers wait, six messages come: each is given one",
    ).toEqual([1, 1, 1, 1, 1, 1]);
    expect(
      deliveries.flat().map(({ id }) => id).sort(),
      "…and no two the same",
    ).toEqual(ids.sort());
  });
});
