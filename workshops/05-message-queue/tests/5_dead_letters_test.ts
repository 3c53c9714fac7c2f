import { describe } from "@std/testing/bdd";
import { check, expect, type Lab, type Requester } from "@lab";
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
    const published = await lab.burst(
      MESSAGES,
      (index) => lab.post(`/queues/${queue}/messages`, { body: `${index}` }),
    );
    expect(published.statuses, "Messages are taken with 201")
      .toEqual({ 201: MESSAGES });
    for (let attempt = 1; attempt <= 4; attempt++) {
      const all = await receive(lab, queue, { max: 100 });
      const rule = `All are delivered, attempt ${attempt}`;
      expect(all.map(({ attempts }) => attempts), rule)
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
    const rule = "After the last attempt the message is in its dlq";
    const failed = await receiveOne(lab, dlq, rule);
    expect(failed, `${rule}, with its history`)
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

    const poison = await letRunOut(lab, queue, 3);
    const poisonRule = "A message that only ever ran out is put aside as well";
    const killer = await receiveOne(lab.on(1), dlq, poisonRule);
    expect(killer.id, poisonRule).toBe(poison);
    expect(
      killer.dead.history.map((entry: { outcome: string }) => entry.outcome),
      "…with its history",
    ).toEqual(["expired", "expired", "expired"]);
    expect(await receive(lab, queue), "Its old queue does not give it again")
      .toEqual([]);
    expect(await statsOf(lab, queue), "…and is empty")
      .toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    await ack(lab, killer);

    const second = await letRunOut(lab, queue, 3);
    expect(
      await receive(lab, queue),
      "After maxAttempts its old queue gives it to nobody, also to who asks there first",
    ).toEqual([]);
    expect((await receiveOne(lab, dlq, poisonRule)).id, poisonRule)
      .toBe(second);
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
    // Who has to connect first is out of step: here every connection that six at a time need is opened.
    await lab.inStep(() =>
      lab.burst(6, (index) => lab.on(index).get(`/queues/${dlq}/stats`))
    );
    // Burying comes first, and that is a write: to hold writes would leave what follows to chance.
    const answers = await lab.inStep(() =>
      lab.burst(6, (index) => lab.on(index).post(`/queues/${dlq}/redrive`))
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
        const rule = "The message is in its dlq";
        expect((await receiveOne(lab, dlq, rule)).id, rule).toBe(last!.id);
        expect(
          [...await receive(lab, dlq), ...await receive(lab, queue)],
          "…and nowhere else",
        ).toEqual([]);
      },
    });
  });

  check("05.5e", {
    title: "sends each dead letter back to where it came from, like a new one",
    kind: "pg",
    hint:
      "A dead letter remembers its queue; on its way back it forgets all else. What ran out is dead, whoever has looked.",
  }, async (lab) => {
    const dlq = await newQueue(lab);
    const settings = { maxAttempts: 1, dlq, backoffMs: 60_000 };
    const sources = [
      await newQueue(lab, settings),
      await newQueue(lab, settings),
    ];
    const sent: { id: string; queue: string }[] = [];
    for (const queue of [...sources, ...sources, ...sources]) {
      sent.push({ id: await publish(lab, queue, { body: "x" }), queue });
      await nack(lab, await receiveOne(lab, queue), "broken");
    }
    await publish(lab, dlq, { body: "its own" });
    await lab.eventually(async () => {
      expect(
        await statsOf(lab, dlq),
        "A dead letter is ready at once, whatever the backoff of its queue",
      ).toEqual({ ready: 7, inFlight: 0, delayed: 0 });
    });

    expect(await redrive(lab, dlq), "The 6 that came from elsewhere are moved")
      .toBe(6);
    const all: Delivery[] = [];
    for (const source of sources) {
      const back = await receive(lab, source, { max: 10 });
      expect(
        back.map(({ id }) => id).sort(),
        "Each is back in the queue that it came from",
      ).toEqual(
        sent.filter(({ queue }) => queue === source).map(({ id }) => id).sort(),
      );
      all.push(...back);
    }
    for (const { attempts, dead } of all) {
      expect({ attempts, dead }, "…at attempt 1, and dead no more")
        .toEqual({ attempts: 1 });
    }
    const [own, ...others] = await receive(lab, dlq, { max: 10 });
    expect([own?.body, others], "What was published into the dlq stays there")
      .toEqual(["its own", []]);
    await ack(lab, own!);

    await nack(lab, all[0]!, "again");
    const rule = "A message that fails again is in the dlq again";
    expect(
      (await receiveOne(lab, dlq, rule)).dead,
      `${rule}, without its old history`,
    ).toMatchObject({
      queue: sources[0],
      history: [{ attempt: 1, outcome: "nacked", reason: "again" }],
    });

    const other = await newQueue(lab);
    const forgotten = await newQueue(lab, { maxAttempts: 1, dlq: other });
    await letRunOut(lab, forgotten, 1);
    await lab.eventually(async () => {
      expect(
        await redrive(lab, other),
        "What ran out is a dead letter, though nobody has looked since",
      ).toBe(1);
    });
  });
});

/** Publishes a message to receivers that die with it, one after the other; gives its id. */
async function letRunOut(
  lab: Lab,
  queue: string,
  times: number,
): Promise<string> {
  const id = await publish(lab, queue, { body: lab.random.word() });
  for (let attempt = 1; attempt <= times; attempt++) {
    await receiveOne(lab.on(attempt), queue);
    await lab.clock.advance(60_000);
  }
  return id;
}

async function redrive(system: Requester, dlq: string): Promise<number> {
  const answer = await system.post(`/queues/${dlq}/redrive`);
  expect(answer, "A redrive is answered").toHaveStatus(200);
  return answer.json?.moved;
}

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
