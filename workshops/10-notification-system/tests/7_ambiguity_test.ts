import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  advanceTo,
  callsTo,
  type Channel,
  deliveryOf,
  messagesOf,
  notify,
  type Order,
  orderOf,
  passMarker,
  putTemplate,
  untilAttempts,
  untilStatus,
} from "./notifications.ts";

const LEASE_MS = 60_000;

describe("10.7 Ambiguity", () => {
  check("10.7a", {
    title: "asks again under the same name when it cannot know",
    kind: "fault",
    hint:
      "The key belongs to notification and channel, not to the attempt: the provider must be able to see that it has this one.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const email = lab.upstream("email");
    email.script([{ drop: true }, { status: 500 }], { status: 202 });
    const order = orderOf(lab, { template, channels: ["email"] });
    const id = await notify(lab, order);
    for (let attempt = 1; attempt <= 2; attempt++) {
      const dueMs = await untilAttempts(lab, id, attempt);
      await advanceTo(lab, dueMs);
    }
    await untilStatus(lab, id, { status: "sent" });
    expect(
      callsTo(lab, "email", order.user).length,
      "An answer that never came, or a 500, is tried again",
    ).toBe(3);
    expect(keysTo(lab, "email", order.user).size, "…always under one key")
      .toBe(1);

    // The same user and text again, and on another channel: not the same message.
    email.script([{ status: 422 }], { status: 202 });
    const other = { ...order, dedupeKey: lab.random.word(12) };
    const otherId = await notify(lab, { ...other, channels: ["email", "sms"] });
    await untilStatus(lab, otherId, { status: "sent", channel: "sms" });
    const keys = [
      ...keysTo(lab, "email", order.user),
      ...keysTo(lab, "sms", order.user),
    ];
    expect(
      new Set(keys).size,
      "Another notification, and another channel, have keys of their own",
    ).toBe(3);
  });

  check("10.7b", {
    title: "sends exactly one, wherever it crashes",
    kind: "fault",
    hint:
      "Before the call the row must say who has it and until when; after the call, the key makes the repetition harmless.",
    timeoutMs: 120_000,
  }, async (lab) => {
    const template = await putTemplate(lab);
    await killDuringCall(lab, template);
    const orders = new Map<number, { order: Order; id: string }>();
    await lab.crashSweep({
      pointsMax: 13,
      before: async (point) => {
        const sendAt = new Date(lab.clock.now() + 60_000).toISOString();
        const order = orderOf(lab, { template, channels: ["sms"], sendAt });
        orders.set(point, { order, id: await notify(lab, order) });
      },
      operation: async (point) => {
        const { order, id } = orders.get(point)!;
        await lab.clock.advance(60_000);
        // Looks at the provider first: reading the status would be a crash point, too.
        await lab.eventually(() =>
          expect(
            callsTo(lab, "sms", order.user),
            "At sendAt the provider is called once",
          ).toHaveLength(1)
        );
        await untilStatus(lab, id, { status: "sent" });
      },
      verify: async ({ index, side, message }) => {
        const { order, id } = orders.get(index)!;
        const where = `Killed ${side} ${message}`;
        await lab.clock.advance(LEASE_MS + 1000);
        await untilStatus(lab, id, { status: "sent" });
        const keys = [...keysTo(lab, "sms", order.user)];
        expect(keys, `${where}: the provider has it, under one key`)
          .toHaveLength(1);
      },
    });
  });

  check("10.7c", {
    title: "gives no say to a worker that slept through its lease",
    kind: "fault",
    hint:
      "Number the claims; what a worker writes counts only if its claim is still the last one.",
    instances: 2,
    config: { retryBaseMs: 10_000 },
  }, async (lab) => {
    const template = await putTemplate(lab);
    const push = lab.upstream("push");
    const reactions = [500, 202].map((status) => ({ status, hold: true }));
    push.script(reactions, { status: 202 });
    const order = orderOf(lab, { template, channels: ["push"] });
    const calls = () => callsTo(lab, "push", order.user);
    const id = await notify(lab, order);
    await lab.eventually(() =>
      expect(push.held, "A worker calls the provider").toBe(1)
    );
    const { instance } = calls()[0]!;
    const sleeper = lab.instances.find(({ name }) => name === instance)!;
    const other = lab.instances.find(({ name }) => name !== instance)!;
    await sleeper.freeze();
    await lab.clock.advance(LEASE_MS + 1000);
    await lab.eventually(() =>
      expect(push.held, "When its lease is over, another worker calls").toBe(2)
    );

    // Now the sleeper alone goes on, and hears that its own call has failed.
    await other.freeze();
    push.release(1);
    sleeper.resume();
    const marker = { template, channel: "push", on: sleeper } as const;
    await passMarker(lab, marker);
    await passMarker(lab, marker);
    await lab.clock.advance(20_000);
    await passMarker(lab, marker);
    expect(
      calls().length,
      "While the second lease lasts, the failure of the first claim starts nothing",
    ).toBe(2);

    push.release();
    other.resume();
    await untilStatus(lab, id, { status: "sent", on: other });
    await lab.clock.advance(10 * LEASE_MS);
    for (const on of lab.instances) await passMarker(lab, { ...marker, on });
    const { status } = await deliveryOf(lab, id);
    expect(status, "What the second claim has sent stays sent").toBe("sent");
    expect(calls().length, "…and nobody sends it again").toBe(2);
    expect(keysTo(lab, "push", order.user).size, "Both used the same key")
      .toBe(1);
  });
});

/** The point that the first messages may not reach: the provider has it, and nobody hears that it has. */
async function killDuringCall(lab: Lab, template: string): Promise<void> {
  const sms = lab.upstream("sms");
  sms.script([], { status: 202, hold: true });
  const order = orderOf(lab, { template, channels: ["sms"] });
  const id = await notify(lab, order);
  await lab.eventually(() =>
    expect(sms.held, "Once it is accepted, the provider is called").toBe(1)
  );
  await lab.on(0).kill();
  sms.script([], { status: 202 });
  sms.release();
  await lab.on(0).restart();
  await lab.clock.advance(LEASE_MS + 1000);
  await untilStatus(lab, id, { status: "sent" });
  expect(
    [...keysTo(lab, "sms", order.user)],
    "Killed during the call: the provider has it, under one key",
  ).toHaveLength(1);
}

/** The keys under which a provider knows what is for this user: so many messages would it deliver. */
function keysTo(
  lab: Lab,
  channel: Channel,
  user: string,
): Set<string | null> {
  const messages = callsTo(lab, channel, user).flatMap(messagesOf);
  return new Set(
    messages.filter(({ to }) => to === user).map(({ key }) => key),
  );
}
