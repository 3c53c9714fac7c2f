import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import {
  acceptedId,
  callsTo,
  freshUser,
  notify,
  type Order,
  orderOf,
  passMarker,
  putTemplate,
  untilStatus,
} from "./notifications.ts";

describe("10.6 Dedupe", () => {
  check("10.6a", {
    title: "accepts one of twenty that say the same at once",
    kind: "race",
    hint:
      "Look, then insert: both instances have looked before either inserts. Let a UNIQUE key decide, and ask it who won.",
    instances: 2,
  }, async (lab) => {
    const template = await putTemplate(lab);
    const order = orderOf(lab, { template, channels: ["push"] });
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(20, (index) => lab.on(index).post("/notifications", order)),
    );
    expect(answers.statuses, "Everybody hears that it is accepted")
      .toEqual({ 202: 20 });
    const ids = new Set(answers.map(acceptedId));
    expect(ids.size, "…as one notification").toBe(1);
    const [id] = ids;
    for (const on of lab.instances) {
      await untilStatus(lab, id!, { status: "sent", on });
      await passMarker(lab, { template, channel: "push", on });
    }
    expect(callsTo(lab, "push", order.user).length, "…which is sent once")
      .toBe(1);
  });

  check("10.6b", {
    title: "knows what is the same and what only looks like it",
    kind: "api",
    hint:
      "The key is unique per user. The same key with another payload is a mistake of the caller: 422 dedupe_mismatch.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const order = orderOf(lab, {
      template,
      channels: ["email"],
      data: { name: lab.random.word(), code: lab.random.word() },
    });
    const { name, code } = order.data!;
    const id = await notify(lab, order);
    await untilStatus(lab, id, { status: "sent" });

    const user = freshUser(lab);
    const other = await notify(lab, { ...order, user });
    expect(other, "Another user may have the same key").not.toBe(id);
    await untilStatus(lab, other, { status: "sent" });
    expect(callsTo(lab, "email", user).length, "…and gets it").toBe(1);

    const changes: Partial<Order>[] = [
      { data: { name, code: lab.random.word() } },
      { channels: ["sms"] },
      { priority: "otp" },
      { locale: "de" },
      { template: await putTemplate(lab) },
      { sendAt: new Date(lab.clock.now() + 60_000).toISOString() },
    ];
    for (const change of changes) {
      const answer = await lab.post("/notifications", { ...order, ...change });
      const rule = `The same key with other ${Object.keys(change)}`;
      expect(answer, rule).toHaveStatus(422);
      expect(answer.json?.code, rule).toBe("dedupe_mismatch");
    }

    const content = { email: { subject: "{{more}}", html: "{{more}}" } };
    await putTemplate(lab, { name: template, content });
    const again = await notify(lab, {
      ...order,
      data: { code, name },
      priority: "normal",
      locale: "en",
    });
    expect(
      again,
      "Repeated after it was sent and its template was edited, it is still the same",
    ).toBe(id);
    await passMarker(lab, {
      template: await putTemplate(lab),
      channel: "email",
    });
    expect(callsTo(lab, "email", order.user).length, "It was sent once")
      .toBe(1);
  });

  check("10.6c", {
    title: "has key and work together, wherever it crashes",
    kind: "fault",
    hint:
      "A key that was remembered before its notification was queued stands for nothing: write both in one transaction.",
    timeoutMs: 120_000,
  }, async (lab) => {
    const template = await putTemplate(lab);
    const orders = new Map<number, Order>();
    // Accepting only: what follows is for stage 7.
    const sendAt = new Date(lab.clock.now() + 60_000).toISOString();
    await lab.crashSweep({
      before: (point) => {
        const channels = ["email"] as const;
        const order = orderOf(lab, { template, channels, sendAt });
        orders.set(point, order);
        return Promise.resolve();
      },
      operation: (point) => lab.post("/notifications", orders.get(point)),
      verify: async ({ index, side, message }) => {
        const id = await notify(lab, orders.get(index)!);
        const where = `Killed ${side} ${message}`;
        const shown = await lab.get(`/notifications/${id}`);
        expect(shown, `${where}, then repeated: it is there`).toHaveStatus(200);
        expect(
          shown.json.deliveries?.[0]?.status,
          `${where}, then repeated: it waits to be sent`,
        ).toBe("queued");
      },
    });
    await lab.clock.advance(60_000);
    for (const order of orders.values()) {
      const id = await notify(lab, order);
      await untilStatus(lab, id, { status: "sent" });
      expect(callsTo(lab, "email", order.user).length, "…and is sent once")
        .toBe(1);
    }
  });
});
