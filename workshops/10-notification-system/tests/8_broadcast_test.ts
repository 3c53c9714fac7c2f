import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type FakeUpstream, type Lab } from "@lab";
import {
  type Channel,
  messagesOf,
  notify,
  orderOf,
  passMarker,
  putTemplate,
} from "./notifications.ts";

describe("10.8 Broadcast", () => {
  check("10.8a", {
    title: "reaches 5,000 users in full batches, each exactly once",
    kind: "load",
    hint:
      "POST /messages/batch takes up to 100 messages, each with its own key. Whose batch broke off is due again, and goes in a batch with whoever is due then.",
    config: { bulkPerSec: 100 },
    timeoutMs: 30_000,
  }, async (lab) => {
    const USERS = 5_000;
    const template = await putTemplate(lab);
    const email = lab.upstream("email");
    email.script([{ drop: true }], { status: 202 });
    const broadcast = broadcastOf(lab, {
      template,
      channel: "email",
      users: USERS,
    });
    const accepted = await lab.post("/broadcasts", broadcast);
    expect(accepted, "One request is enough").toHaveStatus(202);
    expect(accepted.json, "It has an id and says how many it is for")
      .toEqual({ id: expect.any(String), total: USERS });
    await expectSame(lab, broadcast, accepted);
    const { id } = accepted.json;
    const called = countMessages(email);
    await lab.eventually(
      () =>
        expect(
          called(),
          "At 100 calls a second all are called in the first: a batch is one call",
        ).toBeGreaterThanOrEqual(USERS),
      { withinMs: 15_000 },
    );
    await untilSent(lab, id, { atLeast: USERS - 100 });
    await lab.clock.advance(90_000); // What broke off is due again.
    await untilSent(lab, id, { atLeast: USERS });
    const { json } = await lab.get(`/broadcasts/${id}`);
    expect(json, "GET shows how far it has got")
      .toEqual({ id, total: USERS, statuses: { sent: USERS } });

    expect(
      email.calls.length,
      "5,000 messages take at most 60 calls, with those of the batch that broke off",
    )
      .toBeLessThanOrEqual(60);
    const batches = email.calls.map(messagesOf);
    const paths = email.calls.filter((_, index) => batches[index]!.length > 1)
      .map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(paths)], "A batch has a path of its own")
      .toEqual(["POST /messages/batch"]);
    const { name } = broadcast.data;
    expect(lab.random.pick(batches.flat()), "Each message has its texts")
      .toMatchObject({
        subject: `Hello ${name}`,
        html: `<p>Hello ${name}</p>`,
      });
    expect(
      Math.max(...batches.map((batch) => batch.length)),
      "No call has more than 100",
    ).toBeLessThanOrEqual(100);
    const keys = new Map<string | null, string>();
    for (const { key, to } of batches.flat()) keys.set(key, to);
    expect(keys.size, "There are as many keys as users").toBe(USERS);
    expect(
      [...keys.values()].sort(),
      "Each user has one, also those whose batch broke off",
    ).toEqual(broadcast.users.toSorted());
  });

  check("10.8b", {
    title: "keeps the pace, and lets an otp pass",
    kind: "load",
    hint:
      "bulkPerSec is for all instances together: count in a store, per second of the clock. Only bulk is counted.",
    instances: 2,
  }, async (lab) => {
    const PER_SEC = 50;
    const template = await putTemplate(lab);
    const sms = lab.upstream("sms");
    sms.script([], { status: 202 });
    const broadcast = broadcastOf(lab, {
      template,
      channel: "sms",
      users: 2 * PER_SEC + 20,
    });
    const users = new Set(broadcast.users);
    const called = () =>
      sms.calls.filter((call) => users.has(messagesOf(call)[0]!.to)).length;
    const answer = await lab.post("/broadcasts", broadcast);
    expect(answer, "The broadcast is accepted").toHaveStatus(202);
    await notify(
      lab,
      orderOf(lab, {
        template,
        channels: ["email"],
        user: broadcast.users[0],
        dedupeKey: broadcast.dedupeKey, // Of a broadcast: nothing to do with this one.
      }),
    );
    const aside = await pushAside(lab, { template, users: PER_SEC / 2 });
    await lab.eventually(() =>
      expect(aside(), "Each provider has a pace of its own").toBe(PER_SEC / 2)
    );
    for (const expected of [PER_SEC, 2 * PER_SEC, 2 * PER_SEC + 20]) {
      await lab.eventually(() =>
        expect(called(), "In each second 50 are sent while so many wait")
          .toBeGreaterThanOrEqual(expected)
      );
      const marker = { template, channel: "sms", priority: "otp" } as const;
      await Promise.all(
        lab.instances.map((on) => passMarker(lab, { ...marker, on })),
      );
      expect(called(), "…and not one more, while an otp passes").toBe(expected);
      await lab.clock.advance(1000);
    }
    expect(
      new Set(sms.calls.map((call) => messagesOf(call)[0]!.key)).size,
      "Nobody gets it twice",
    ).toBe(sms.calls.length);
  });

  check("10.8c", {
    title: "accepts as quickly with a full queue as with an empty one",
    kind: "load",
    hint:
      "One statement for all users, whatever their number; and nothing on the way of one notification may look at the others.",
    timeoutMs: 30_000,
  }, async (lab) => {
    const template = await putTemplate(lab);
    const sendAt = new Date(lab.clock.now() + 3_600_000).toISOString();
    const accept = async (users: number) => {
      const broadcast = broadcastOf(lab, { template, channel: "push", users });
      const answer = await lab.post("/broadcasts", { ...broadcast, sendAt });
      expect(answer, "The broadcast is accepted").toHaveStatus(202);
    };
    const { wire } = await lab.count(() => accept(1_000));
    expect(
      wire.postgres.messages,
      "A broadcast to 1,000 users takes at most 500 messages to Postgres, with all that workers ask meanwhile: not one per user",
    ).toBeLessThanOrEqual(500);

    /** By the number of those that wait: what Postgres and Redis sent to the instance for each notification. */
    const bytes: number[][] = [];
    const ratio = await lab.growth({
      size: 1_000,
      prepare: async (users) => {
        if (users > 1_000) await accept(users - 1_000); // The first are there.
        bytes.push([]);
      },
      operation: async () => {
        const order = orderOf(lab, { template, channels: ["email"] });
        const { wire } = await lab.count(() => notify(lab, order));
        bytes.at(-1)!.push(
          wire.postgres.bytesReceived + wire.redis.bytesReceived,
        );
      },
    });
    const few = medianOf(bytes[0]!);
    // The least: what workers ask meanwhile is counted as well, and who reads the whole queue always does.
    expect(
      Math.min(...bytes[1]!),
      `Accepting one notification behind 10 times as many that wait reads at most 3 times as much from the stores, ${few} bytes each before`,
    ).toBeLessThanOrEqual(3 * few);
    expect(
      ratio,
      "Accepting one notification behind 10 times as many that wait takes at most 3 times as long",
    ).toBeLessThanOrEqual(3);
    await passMarker(lab, { template, channel: "push" });
    expect(
      lab.upstream("push").calls.length,
      "Before its sendAt nothing of a broadcast is sent, while others are",
    ).toBe(1);
  });
});

/** Repeated it is the same, also after its template was edited, and nothing else is. */
async function expectSame(
  lab: Lab,
  broadcast: Broadcast,
  accepted: Answer,
): Promise<void> {
  const { users, template: name } = broadcast;
  const changes: Partial<Broadcast>[] = [
    { data: { name: lab.random.word(7) } },
    { users: users.slice(1) },
  ];
  for (const change of changes) {
    const rule = `The same key with other ${Object.keys(change)}`;
    const answer = await lab.post("/broadcasts", { ...broadcast, ...change });
    expect(answer, rule).toHaveStatus(422);
    expect(answer.json?.code, rule).toBe("dedupe_mismatch");
  }
  const content = { email: { subject: "{{more}}", html: "{{more}}" } };
  await putTemplate(lab, { name, content });
  const again = await lab.post("/broadcasts", broadcast);
  expect(again, "Repeated, it is accepted").toHaveStatus(202);
  expect(again.json, "…as the same").toEqual(accepted.json);
}

/** Posts a broadcast by push; gives how many of its messages have been called. */
async function pushAside(
  lab: Lab,
  { template, users }: { readonly template: string; readonly users: number },
): Promise<() => number> {
  const broadcast = broadcastOf(lab, { template, channel: "push", users });
  const answer = await lab.post("/broadcasts", broadcast);
  expect(answer, "A broadcast by push is accepted").toHaveStatus(202);
  return countMessages(lab.upstream("push"));
}

/** How many messages a provider was called with so far. Each call is looked at once. */
function countMessages(provider: FakeUpstream): () => number {
  let [calls, messages] = [0, 0];
  return () => {
    for (const call of provider.calls.slice(calls)) {
      messages += messagesOf(call).length;
      calls++;
    }
    return messages;
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1]!;
}

type Broadcast = ReturnType<typeof broadcastOf>;

function broadcastOf(
  lab: Lab,
  { template, channel, users }: {
    readonly template: string;
    readonly channel: Channel;
    readonly users: number;
  },
) {
  const crowd = lab.random.word(8);
  return {
    template,
    channels: [channel],
    data: { name: lab.random.word() },
    dedupeKey: lab.random.word(12),
    users: Array.from({ length: users }, (_, index) => `${crowd}-${index}`),
  };
}

function untilSent(
  lab: Lab,
  id: string,
  { atLeast }: { readonly atLeast: number },
): Promise<void> {
  return lab.eventually(async () => {
    const { json } = await lab.get(`/broadcasts/${id}`);
    expect(
      json?.statuses?.sent ?? 0,
      `At least ${atLeast} messages of the broadcast are sent`,
    ).toBeGreaterThanOrEqual(atLeast);
  }, { withinMs: 15_000 });
}
