import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  callsTo,
  messagesOf,
  notify,
  type Order,
  orderOf,
  passMarker,
  putTemplate,
  untilStatus,
} from "./notifications.ts";

/** No pace for bulk: this stage is about who is next. */
const UNPACED = { bulkPerSec: 100_000 };
const HOLD = { status: 202, hold: true };

describe("10.3 Priority", () => {
  check("10.3a", {
    title: "lets a one-time password overtake a hundred offers",
    kind: "api",
    hint:
      "Choose when a worker gets free, not when the notification is accepted: take one at a time, the most urgent first.",
    config: { workers: 4, ...UNPACED },
  }, async (lab) => {
    const WORKERS = 4;
    const template = await putTemplate(lab);
    const sms = lab.upstream("sms");
    sms.script([], HOLD);
    const bulk = () =>
      orderOf(lab, { template, channels: ["sms"], priority: "bulk" });
    const offers = Array.from({ length: 100 }, bulk);
    const answers = await lab.burst(
      offers.length,
      (index) => lab.post("/notifications", offers[index]),
    );
    expect(answers.statuses, "All are accepted").toEqual({ 202: 100 });
    await untilHeld(lab, WORKERS);
    const otp = orderOf(lab, { template, channels: ["sms"], priority: "otp" });
    await notify(lab, otp);
    for (let call = 1; call <= WORKERS + 1; call++) {
      sms.release(1);
      await untilHeld(lab, WORKERS);
    }
    expect(
      callsTo(lab, "sms", otp.user).length,
      `With ${WORKERS} workers busy, a one-time password is among the next ${
        WORKERS + 1
      } calls`,
    ).toBe(1);
  });

  check("10.3b", {
    title: "makes so many calls at once, and one provider's are its own",
    kind: "api",
    hint:
      "config.workers is per provider: a provider that hangs keeps its own workers, and nobody else's.",
    config: { workers: 3, ...UNPACED },
  }, async (lab) => {
    const WORKERS = 3;
    const template = await putTemplate(lab);
    const sms = lab.upstream("sms");
    sms.script([], HOLD);
    for (let sent = 0; sent < 4 * WORKERS; sent++) {
      await notify(lab, orderOf(lab, { template, channels: ["sms"] }));
    }
    await lab.eventually(() =>
      expect(
        sms.held,
        `${WORKERS} workers make ${WORKERS} calls at once, not one by one`,
      ).toBeGreaterThanOrEqual(WORKERS)
    );
    for (const channel of ["email", "push", "email"] as const) {
      await passMarker(lab, { template, channel });
    }
    expect(sms.held, `…and not more than ${WORKERS}`).toBe(WORKERS);
  });

  check("10.3c", {
    title: "serves the classes in order, in each what has waited longest",
    kind: "api",
    hint:
      "ORDER BY class, then the time from which it may be sent, then arrival.",
    config: { workers: 1, ...UNPACED },
  }, async (lab) => {
    const template = await putTemplate(lab);
    const sms = lab.upstream("sms");
    sms.script([], HOLD);
    const order = (priority: Order["priority"], sendAt?: string) =>
      orderOf(lab, { template, channels: ["sms"], priority, sendAt });
    await notify(lab, order("otp"));
    await untilHeld(lab, 1); // The only worker is busy.
    // Accepted before all others, and due after them.
    const sendAt = new Date(lab.clock.now() + 1000).toISOString();
    const later = order("otp", sendAt);
    await notify(lab, later);
    const classes = ["otp", "normal", "bulk"] as const;
    const mixed = lab.random.shuffle(
      classes.flatMap((priority) => Array(4).fill(priority)),
    ).map((priority) => order(priority));
    for (const one of mixed) await notify(lab, one);
    const past = new Date(lab.clock.now() - 60_000).toISOString();
    const overdue = order("bulk", past);
    await notify(lab, overdue);
    await lab.clock.advance(1000);
    sms.script([], { status: 202 });
    sms.release();
    const wanted = classes.flatMap((priority) =>
      [...mixed, overdue, later].filter((one) => one.priority === priority)
        .map(({ user }) => user)
    );
    await lab.eventually(() =>
      expect(sms.calls.length, "All are sent").toBe(1 + wanted.length)
    );
    expect(
      sms.calls.slice(1).map((call) => messagesOf(call)[0]?.to),
      "First otp, then normal, then bulk; within a class as they became due (not before they were accepted), then as they were accepted",
    ).toEqual(wanted);
  });

  check("10.3d", {
    title: "sends at the time that it was told",
    kind: "api",
    hint:
      "A due time in the row, compared with the clock: now() in SQL or context.clock.now().",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const hourMs = 3_600_000;
    const dueMs = lab.clock.now() + lab.random.integer(2, 30) * hourMs;
    const sendAt = new Date(dueMs).toISOString();
    const order = orderOf(lab, { template, channels: ["email"], sendAt });
    const id = await notify(lab, order);
    for (const stepMs of [0, dueMs - lab.clock.now() - 1000]) {
      await lab.clock.advance(stepMs);
      await passMarker(lab, { template, channel: "email" });
      expect(
        callsTo(lab, "email", order.user),
        "Before sendAt nothing is sent",
      ).toHaveLength(0);
    }
    await lab.clock.advance(1000);
    await untilStatus(lab, id, { status: "sent" });
    expect(callsTo(lab, "email", order.user), "At sendAt it is")
      .toHaveLength(1);
  });
});

function untilHeld(lab: Lab, count: number): Promise<void> {
  return lab.eventually(() =>
    expect(
      lab.upstream("sms").held,
      `The provider holds ${count} calls: as many as there are workers`,
    ).toBe(count)
  );
}
