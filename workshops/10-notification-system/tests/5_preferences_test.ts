import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  advanceTo,
  callsTo,
  deliveryOf,
  freshUser,
  notify,
  type Order,
  orderOf,
  passMarker,
  putTemplate,
  untilAttempts,
  untilStatus,
} from "./notifications.ts";
import { nextClockChange, nextWallTime } from "./wall_clock.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe("10.5 Preferences and caps", () => {
  check("10.5a", {
    title: "obeys what the user wants now, not what they wanted then",
    kind: "api",
    hint:
      "Look at the preferences right before the call. An unwanted channel is suppressed, and the next one takes over.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const user = freshUser(lab);
    await prefer(lab, user, { channels: ["email", "sms", "push"] });
    const sendAt = new Date(lab.clock.now() + HOUR_MS).toISOString();
    const order = (rest: Partial<Order> & Pick<Order, "channels">) =>
      orderOf(lab, { template, user, sendAt, ...rest });
    const alone = await notify(lab, order({ channels: ["email"] }));
    const first = await notify(lab, order({ channels: ["email", "sms"] }));
    const otp = await notify(
      lab,
      order({ channels: ["email"], priority: "otp" }),
    );
    await prefer(lab, user, { channels: ["sms"] });
    await lab.clock.advance(HOUR_MS);
    await passMarker(lab, { template, channel: "email" });
    for (const id of [alone, first, otp]) {
      const { reason } = await untilStatus(lab, id, { status: "suppressed" });
      expect(reason, "What the user does not want is not sent, and says why")
        .toBe("opted_out");
    }
    await untilStatus(lab, first, { status: "sent", channel: "sms" });
    expect(
      callsTo(lab, "email", user),
      "An opt-out between accepting and sending wins",
    ).toHaveLength(0);
    expect(callsTo(lab, "sms", user), "The channel that they want is used")
      .toHaveLength(1);
  });

  check("10.5b", {
    title: "lets people sleep until the clock on their wall says so",
    kind: "api",
    hint:
      "Ask Intl.DateTimeFormat with the user's zone; the night in which the clocks change is an hour shorter or longer.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const tz = lab.random.pick([
      "Europe/Berlin",
      "Europe/London",
      "America/New_York",
      "America/Los_Angeles",
      "Australia/Sydney",
    ]);
    const user = freshUser(lab);
    await prefer(lab, user, { tz, quietHours: { from: "22:00", to: "07:00" } });
    // One of the two is spring, the other autumn.
    for (let change = 0; change < 2; change++) {
      const changeMs = nextClockChange(lab.clock.now(), tz);
      await lab.clock.advance(changeMs - 2 * HOUR_MS - lab.clock.now());
      const wakeMs = nextWallTime(lab.clock.now(), tz, "07:00");
      const night = `${tz}, the night to ${new Date(wakeMs).toISOString()}`;
      const before = callsTo(lab, "push", user).length;
      const order = { template, channels: ["push"], user } as const;
      const id = await notify(lab, orderOf(lab, order));
      await passMarker(lab, { template, channel: "push" });
      await lab.clock.advance(wakeMs - lab.clock.now() - MINUTE_MS);
      await passMarker(lab, { template, channel: "push" });
      expect(
        callsTo(lab, "push", user).length - before,
        `${night}: until 07:00 nobody is woken`,
      ).toBe(0);
      const otp = await notify(
        lab,
        orderOf(lab, { ...order, priority: "otp" }),
      );
      await untilStatus(lab, otp, { status: "sent" });

      await lab.clock.advance(MINUTE_MS);
      const sent = await untilStatus(lab, id, { status: "sent" });
      expect(sent.attempts, `${night}: at 07:00 it is sent`).toBe(1);
    }
  });

  check("10.5c", {
    title: "sends five a day, however many workers ask at once",
    kind: "race",
    hint:
      "Reading the count and raising it are two steps: one script, or one statement, for both.",
    instances: 2,
    config: { workers: 10 },
  }, async (lab) => {
    const CAP = 5;
    const template = await putTemplate(lab);
    const user = freshUser(lab);
    await prefer(lab, user, { capPerDay: CAP });
    const store = await countingStore(lab, template);
    const sendAt = new Date(lab.clock.now() + MINUTE_MS).toISOString();
    const ids: string[] = [];
    for (let index = 0; index < 20; index++) {
      const order = orderOf(lab, { template, channels: ["sms"], user, sendAt });
      ids.push(await notify(lab, order));
    }
    // All twenty become due while nobody can take them.
    lab.instances.forEach((instance) => instance.freeze());
    await lab.clock.advance(MINUTE_MS);
    const settled = async () => {
      lab.instances.forEach((instance) => instance.resume());
      await lab.eventually(async () => {
        const left = await Promise.all(ids.map((id) => deliveryOf(lab, id)));
        expect(
          left.filter(({ status }) => status === "queued").length,
          "All of them are sent or suppressed",
        ).toBe(0);
      });
    };
    if (store === "redis") {
      await lab.holdWrites("redis", settled);
    } else {
      using _ = lab.latency({ store: "postgres" }, 15);
      await settled();
    }
    expect(
      callsTo(lab, "sms", user).length,
      `Of 20 notifications at once on two instances ${CAP} are sent`,
    ).toBe(CAP);
    const ends = await Promise.all(ids.map((id) => deliveryOf(lab, id)));
    expect(
      ends.filter(({ reason }) => reason === "cap").length,
      "The others say that the cap was reached",
    ).toBe(20 - CAP);
  });

  check("10.5d", {
    title: "counts notifications, not attempts, in the user's own day",
    kind: "redis",
    hint:
      "Remember which notifications were counted; the day is the date on the user's calendar, and begins at their midnight.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const tz = lab.random.pick([
      "Asia/Tokyo",
      "Asia/Kolkata",
      "Pacific/Honolulu",
      "America/Bogota",
    ]);
    const user = freshUser(lab);
    await prefer(lab, user, { tz, capPerDay: 2 });
    const midnightMs = nextWallTime(lab.clock.now() + HOUR_MS, tz, "00:00");
    await lab.clock.advance(midnightMs - HOUR_MS - lab.clock.now());
    const next = (priority: Order["priority"] = "normal") =>
      notify(
        lab,
        orderOf(lab, { template, channels: ["sms"], user, priority }),
      );

    lab.upstream("sms").script([{ status: 503 }], { status: 202 });
    const first = await next();
    const dueMs = await untilAttempts(lab, first, 1);
    await advanceTo(lab, dueMs);
    await untilStatus(lab, first, { status: "sent" });
    await untilStatus(lab, await next("otp"), { status: "sent" });
    // With two a day, the second attempt of the first was no notification of its own, and an otp is none.
    await untilStatus(lab, await next(), { status: "sent" });
    const third = await untilStatus(lab, await next(), {
      status: "suppressed",
    });
    expect(third.reason, "The third of a day is one too many").toBe("cap");
    await untilStatus(lab, await next("otp"), { status: "sent" });

    await lab.clock.advance(midnightMs - lab.clock.now());
    await untilStatus(lab, await next(), { status: "sent" });
  });
});

async function prefer(
  lab: Lab,
  user: string,
  preferences: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await lab.put(`/users/${user}/preferences`, preferences);
  expect(answer, "Preferences are stored").toHaveStatus(200);
}

/** Where the system counts: in Redis as a rule, but a solution may do it in Postgres. */
async function countingStore(lab: Lab, template: string) {
  const user = freshUser(lab);
  await prefer(lab, user, { capPerDay: 5 });
  const { wire } = await lab.count(async () => {
    const order = orderOf(lab, { template, channels: ["sms"], user });
    const id = await notify(lab, order);
    await untilStatus(lab, id, { status: "sent" });
  });
  return wire.redis.commands > 0 ? "redis" : "postgres";
}
