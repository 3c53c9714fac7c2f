import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import {
  ack,
  deliveriesOf,
  newQueue,
  publish,
  receive,
  settle,
  statsOf,
  waitFor,
} from "./broker.ts";

describe("05.1 Publish, receive, ack", () => {
  check("05.1a", {
    title: "gives each message once, oldest first, until it is acknowledged",
    kind: "api",
    hint:
      "A message that was received is in flight: nobody else gets it. Only the ack takes it away.",
  }, async (lab) => {
    const queue = await newQueue(lab);
    const bodies = Array.from({ length: 5 }, () => lab.random.word());
    const ids: string[] = [];
    for (const body of bodies) ids.push(await publish(lab, queue, { body }));
    expect(new Set(ids).size, "Each message has an id of its own").toBe(5);
    expect(await statsOf(lab, queue), "Five messages are ready")
      .toEqual({ ready: 5, inFlight: 0, delayed: 0 });

    const some = await receive(lab, queue, { max: 3 });
    const rest = await receive(lab, queue, { max: 100 });
    const all = [...some, ...rest];
    expect(some, "max is how many messages come at most").toHaveLength(3);
    expect(
      all.map(({ id, body }) => ({ id, body })),
      "The oldest message comes first",
    ).toEqual(ids.map((id, index) => ({ id, body: bodies[index] })));
    expect(
      all.map(({ attempts }) => attempts),
      "The first delivery is attempt 1",
    ).toEqual([1, 1, 1, 1, 1]);
    expect(
      new Set(all.map(({ receipt }) => receipt)).size,
      "Each delivery has a receipt of its own",
    ).toBe(5);
    expect(await receive(lab, queue), "What is in flight is not given again")
      .toEqual([]);
    expect(await statsOf(lab, queue), "Five messages are in flight")
      .toEqual({ ready: 0, inFlight: 5, delayed: 0 });

    for (const delivery of all) await ack(lab, delivery);
    expect(await statsOf(lab, queue), "An acknowledged message is gone")
      .toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    const again = await settle(lab, all[0]!, "ack");
    expect(again, "A receipt is good for one ack").toHaveStatus(410);
    expect(again.json?.code, "…and the answer says so").toBe("stale_receipt");
  });

  check("05.1b", {
    title: "gives back every body exactly as it was sent",
    kind: "api",
    hint:
      "A JSON string may hold any character, U+0000 too, which text in Postgres cannot: store it escaped, or as bytes.",
  }, async (lab) => {
    const queue = await newQueue(lab);
    const bytes = Array.from({ length: 256 }, (_, code) => code);
    const bodies = [
      "",
      " \t\r\n ",
      `{"quoted": "\\u0041 \\" ${lab.random.word()}"}`,
      `null ${lab.random.word()} \u0000 after it`,
      "é, e\u0301 and 👩‍🚀 \u{10ffff}",
      String.fromCharCode(...lab.random.shuffle(bytes)),
      btoa(String.fromCharCode(...lab.random.shuffle(bytes))),
      lab.random.word(200_000),
    ];
    for (const body of bodies) await publish(lab, queue, { body });
    for (const body of bodies) {
      const [delivery] = await receive(lab, queue);
      expect(
        delivery?.body,
        `The body comes back as it was sent (${
          body.length > 60 ? `${body.length} characters` : JSON.stringify(body)
        })`,
      ).toBe(body);
    }
  });

  check("05.1c", {
    title: "lets a receiver wait, and answers as soon as there is a message",
    kind: "api",
    hint:
      "Look again every 50 ms until there is a message or waitMs of real time is over. Date stands still; performance.now() does not.",
    timeoutMs: 30_000,
  }, async (lab) => {
    const queue = await newQueue(lab);
    for (let round = 0; round < 3; round++) {
      const waiting = waitFor(lab, queue);
      // Two answers have come the same way: the receiver is there and waits.
      await statsOf(lab, queue);
      await statsOf(lab, queue);
      const id = await publish(lab, queue, { body: lab.random.word() });
      const deliveries = deliveriesOf(await waiting);
      expect(
        deliveries.map((delivery) => delivery.id),
        "A receiver that waits 20 s is given a message that comes at once",
      ).toEqual([id]);
    }
    const answer = await lab.post(`/queues/${queue}/receive`, { waitMs: 200 });
    expect(
      deliveriesOf(answer),
      "When waitMs is over and nothing came, the list is empty",
    ).toEqual([]);
  });

  check("05.1d", {
    title: "refuses what makes no sense",
    kind: "api",
    hint: "Look for the queue before you answer; bodies.ts does the rest.",
  }, async (lab) => {
    const queue = await newQueue(lab, { visibilityMs: 90_000 });
    const again = await lab.put(`/queues/${queue}`, {});
    expect(again, "PUT of a queue that is there replaces its settings")
      .toHaveStatus(200);
    expect(again.json, "…and answers with all of them").toEqual({
      name: queue,
      visibilityMs: 60_000,
      maxAttempts: null,
      dlq: null,
      backoffMs: 0,
    });
    const nowhere = `/queues/q-${lab.random.word().toLowerCase()}`;
    for (
      const answer of [
        await lab.post(`${nowhere}/messages`, { body: "x" }),
        await lab.post(`${nowhere}/receive`, {}),
        await lab.get(`${nowhere}/stats`),
      ]
    ) {
      expect(answer, "A queue that nobody made is 404").toHaveStatus(404);
      expect(answer.json?.code, "…and the answer says so")
        .toBe("unknown_queue");
    }
    for (
      const [path, body] of [
        [`/queues/${queue}/messages`, { body: 7 }],
        [`/queues/${queue}/messages`, { body: "x", priority: 10 }],
        [`/queues/${queue}/messages`, { body: "x", delayMs: -1 }],
        [`/queues/${queue}/receive`, { max: 0 }],
        [`/queues/${queue}/receive`, { waitMs: 1.5 }],
      ] as const
    ) {
      expect(await lab.post(path, body), "A field that makes no sense is 422")
        .toHaveStatus(422);
    }
    const nobodys = await lab.put(`/queues/${queue}`, {
      maxAttempts: 3,
      dlq: `q-${lab.random.word().toLowerCase()}`,
    });
    expect(nobodys, "A dlq that nobody made is 422").toHaveStatus(422);
    const list = await lab.post(`/queues/${queue}/messages`, ["x"]);
    expect(list, "A body that is no object is 400").toHaveStatus(400);
    expect(await receive(lab, queue), "Nothing of that is in the queue")
      .toEqual([]);
  });
});
