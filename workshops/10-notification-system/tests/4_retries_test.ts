import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { callBack, callbackAbout } from "./callbacks.ts";
import {
  advanceTo,
  callsTo,
  type Channel,
  deliveryOf,
  messagesOf,
  notify,
  orderOf,
  passMarker,
  putTemplate,
  untilAttempts,
  untilStatus,
} from "./notifications.ts";

const BASE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

describe("10.4 Retries and fallback", () => {
  check("10.4a", {
    title: "waits longer each time, and not everybody equally long",
    kind: "fault",
    hint:
      "After failure n (from 0): between ½ and 1½ × retryBaseMs × 2ⁿ from now, drawn for each notification.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const { user } = failing(lab, "email", { status: 503 });
    const orders = Array.from(
      { length: 8 },
      (_, index) =>
        orderOf(lab, { template, channels: ["email"], user: user(index) }),
    );
    const calls = () =>
      orders.map((order) => callsTo(lab, "email", order.user).length);
    const ids: string[] = [];
    for (const order of orders) ids.push(await notify(lab, order));

    for (let failure = 0; failure < 3; failure++) {
      const nowMs = lab.clock.now();
      const dues: number[] = [];
      for (const id of ids) {
        const dueMs = await untilAttempts(lab, id, failure + 1);
        const rule = `Failure ${failure}: nextAttemptAt is within ½ and 1½ × ${
          BASE_MS * 2 ** failure / 1000
        } s`;
        const waits = (dueMs - nowMs) / (BASE_MS * 2 ** failure);
        expect(waits, rule).toBeGreaterThanOrEqual(0.5);
        expect(waits, rule).toBeLessThanOrEqual(1.5);
        dues.push(dueMs);
      }
      // All eight alike by chance: 1e-30 and less.
      expect(
        new Set(dues).size,
        "What failed together does not come back together",
      ).toBeGreaterThan(1);

      await lab.clock.advance(Math.min(...dues) - nowMs - 1000);
      await passMarker(lab, { template, channel: "email" });
      expect(calls(), "Before its time nobody is tried again")
        .toEqual(orders.map(() => failure + 1));
      await advanceTo(lab, Math.max(...dues));
      await lab.eventually(() =>
        expect(calls(), "At its time everybody is")
          .toEqual(orders.map(() => failure + 2))
      );
    }
  });

  check("10.4b", {
    title: "does what the provider says: wait so long, or never again",
    kind: "fault",
    hint:
      "Retry-After in seconds takes the place of the back-off: so long, at most half as long again. 4xx but 429 will fail for ever: give up this channel, go to the next.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const push = lab.upstream("push");
    const rows: [status: number, waitSec: number][] = [
      [429, lab.random.integer(10, 20) * 60],
      [503, lab.random.integer(5, 15)], // Sooner than any back-off of ours.
    ];
    for (const [status, waitSec] of rows) {
      const headers = { "retry-after": String(waitSec) };
      push.script([{ status, headers }], { status: 202 });
      const order = orderOf(lab, { template, channels: ["push"] });
      const id = await notify(lab, order);
      const nowMs = lab.clock.now();
      const dueMs = await untilAttempts(lab, id, 1);
      const rule =
        `After ${status} with Retry-After: ${waitSec} it waits so long, at most half as long again`;
      expect(dueMs - nowMs, rule).toBeGreaterThanOrEqual(waitSec * 1000);
      expect(dueMs - nowMs, rule).toBeLessThanOrEqual(waitSec * 1500);
      await advanceTo(lab, dueMs);
      await untilStatus(lab, id, { status: "sent" });
    }

    const status = lab.random.pick([400, 404, 410, 422]);
    push.script([{ status }], { status: 202 });
    const channels: Channel[] = ["push", "sms", "email"];
    const order = orderOf(lab, { template, channels });
    const id = await notify(lab, order);
    const failed = await untilStatus(lab, id, { status: "failed" });
    expect(failed.reason, "What has failed has a reason")
      .toEqual(expect.stringMatching(/./));
    await untilStatus(lab, id, { status: "sent", channel: "sms" });
    await lab.clock.advance(DAY_MS);
    await passMarker(lab, { template, channel: "push" });
    await passMarker(lab, { template, channel: "email" });
    expect(
      callsTo(lab, "push", order.user).length,
      `After a ${status} nobody asks the same provider again`,
    ).toBe(1);
    expect(callsTo(lab, "sms", order.user).length, "…the next channel is used")
      .toBe(1);
    expect(callsTo(lab, "email", order.user), "…and the one after it is not")
      .toHaveLength(0);
    const { status: third } = await deliveryOf(lab, id, "email");
    expect(third, "…but stands by").toBe("standby");
  });

  check("10.4c", {
    title: "tries again at its time, though it was killed meanwhile",
    kind: "fault",
    hint:
      "A timer dies with its process. The due time belongs into the row, and a worker looks for what is due.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const sms = lab.upstream("sms");
    sms.script([{ status: 500 }], { status: 202 });
    const order = orderOf(lab, { template, channels: ["sms"] });
    const id = await notify(lab, order);
    const dueMs = await untilAttempts(lab, id, 1);
    await lab.on(0).kill();
    await lab.on(0).restart();
    await passMarker(lab, { template, channel: "sms" });
    expect(
      callsTo(lab, "sms", order.user).length,
      "A restart is no reason to try earlier",
    ).toBe(1);
    await advanceTo(lab, dueMs);
    await untilStatus(lab, id, { status: "sent" });
  });

  check("10.4d", {
    title: "stops after attemptsMax: next channel, or dead letter",
    kind: "fault",
    hint:
      "Count the calls of a channel; after the last one it is failed, and the next stands up. With none left, GET /dead-letters shows it.",
    config: { attemptsMax: 3 },
  }, async (lab) => {
    const template = await putTemplate(lab);
    const { user } = failing(lab, "email", { status: 500 });
    const lucky = orderOf(lab, {
      template,
      channels: ["email", "sms"],
      user: user(0),
    });
    const lost = orderOf(lab, {
      template,
      channels: ["email"],
      user: user(1),
    });
    const ids = [await notify(lab, lucky), await notify(lab, lost)] as const;
    for (let attempt = 1; attempt < 3; attempt++) {
      for (const id of ids) await untilAttempts(lab, id, attempt);
      await lab.clock.advance(BASE_MS * 2 ** attempt);
    }
    for (const id of ids) await untilStatus(lab, id, { status: "failed" });
    await untilStatus(lab, ids[0], { status: "sent", channel: "sms" });
    await lab.clock.advance(DAY_MS);
    await passMarker(lab, { template, channel: "email" });
    await passMarker(lab, { template, channel: "sms" });
    for (const { user } of [lucky, lost]) {
      expect(
        callsTo(lab, "email", user).length,
        "With attemptsMax 3 a provider is called three times",
      ).toBe(3);
    }
    expect(callsTo(lab, "sms", lucky.user).length, "The next channel once")
      .toBe(1);
    const [call] = callsTo(lab, "email", lost.user);
    const late = await callBack(
      lab,
      callbackAbout(call!, { channel: "email", status: "delivered" }),
    );
    expect(late, "A callback about what has failed is taken").toHaveStatus(204);
    const { status } = await deliveryOf(lab, ids[1]);
    expect(status, "…and changes nothing").toBe("failed");
    const { json } = await lab.get("/dead-letters");
    expect(
      json.items,
      "What no channel has taken is a dead letter; what one has taken is none",
    ).toEqual([
      {
        id: ids[1],
        user: lost.user,
        channel: "email",
        reason: expect.stringMatching(/./),
      },
    ]);
  });

  check("10.4e", {
    title: "leaves a failing provider alone, and asks it with one call",
    kind: "fault",
    hint:
      "breakerFailures in a row open the breaker for breakerMs. Meanwhile: next channel at once, or wait. Then one trial, whose end decides.",
    config: { breakerFailures: 5, breakerMs: 600_000 },
  }, async (lab) => {
    const template = await putTemplate(lab);
    const email = lab.upstream("email");
    const waiting: string[] = [];
    const mail = async () => {
      const id = await notify(
        lab,
        orderOf(lab, { template, channels: ["email"] }),
      );
      waiting.push(id);
      return id;
    };
    const fail = async (times: number) => {
      for (let failure = 0; failure < times; failure++) {
        await untilAttempts(lab, await mail(), 1);
      }
    };
    const down = { status: 503 };
    email.script([
      ...Array(4).fill(down),
      { status: 400 },
      { status: 429 },
      { drop: true },
      { status: 500 },
    ], down);
    await fail(4);
    const refused = await notify(
      lab,
      orderOf(lab, { template, channels: ["email"] }),
    );
    // An answer that works: the row of failures begins anew.
    await untilStatus(lab, refused, { status: "failed" });
    await fail(5);
    await mail(); // Nobody may call for this one now.
    const order = orderOf(lab, { template, channels: ["email", "sms"] });
    const id = await notify(lab, order);
    await untilStatus(lab, id, { status: "sent", channel: "sms" });
    await passMarker(lab, { template, channel: "sms" });
    expect(email.calls.length, "After 5 failures in a row nobody calls email")
      .toBe(10);
    expect(
      callsTo(lab, "sms", order.user).length,
      "What has another channel goes there, once",
    ).toBe(1);

    const untilTried = async () => {
      await lab.clock.advance(600_000);
      await lab.eventually(() =>
        expect(email.held, "After breakerMs email is asked again").toBe(1)
      );
      // Whoever waits has time to ask, too.
      await passMarker(lab, { template, channel: "sms" });
      await passMarker(lab, { template, channel: "sms" });
    };
    email.script([], { status: 503, hold: true });
    await untilTried();
    expect(email.calls.length, "…with one call, though ten wait").toBe(11);
    email.script([], { status: 503 });
    email.release();
    await lab.eventually(async () =>
      expect(
        await attemptsOf(lab, [...waiting, refused]),
        "The end of that call is stored",
      ).toBe(11)
    );
    const later = await notify(
      lab,
      orderOf(lab, { template, channels: ["email", "push"] }),
    );
    await untilStatus(lab, later, { status: "sent", channel: "push" });
    expect(email.calls.length, "It fails: email is left alone again").toBe(11);

    email.script([], { status: 202, hold: true });
    await untilTried();
    email.script([], { status: 202 });
    email.release();
    await lab.eventually(async () => {
      const all = await Promise.all(waiting.map((id) => deliveryOf(lab, id)));
      expect(
        all.filter(({ status }) => status === "sent").length,
        "It works: everybody who has waited is sent at once, without another step of the clock",
      ).toBe(waiting.length);
    });
    expect(email.calls.slice(11).length, "…with one call each")
      .toBe(waiting.length);
    expect(
      await attemptsOf(lab, [...waiting, refused]),
      "There are as many attempts as calls: to wait is none",
    ).toBe(email.calls.length);
    const { attempts } = await deliveryOf(lab, id);
    expect(attempts, "…nor is to be passed over").toBe(0);
  });
});

/** Of all of these together. */
async function attemptsOf(lab: Lab, ids: readonly string[]): Promise<number> {
  const all = await Promise.all(ids.map((id) => deliveryOf(lab, id)));
  return all.reduce((sum, { attempts }) => sum + attempts, 0);
}

/** The provider fails for some users and takes what is for others. */
function failing(lab: Lab, channel: Channel, reaction: { status: number }) {
  const mark = `unlucky-${lab.random.word(6)}`;
  lab.upstream(channel).script(
    [],
    (call) =>
      messagesOf(call).some(({ to }) => to.startsWith(mark))
        ? reaction
        : { status: 202 },
  );
  return { user: (index: number) => `${mark}-${index}` };
}
