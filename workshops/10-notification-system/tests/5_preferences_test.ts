import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  advanceTo,
  callsTo,
  type Channel,
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
    const first = await notify(
      lab,
      order({ channels: ["email", "push", "sms"] }),
    );
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
    const { json } = await lab.get("/dead-letters");
    expect(json, "What somebody does not want is no dead letter")
      .toEqual({ items: [] });
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
      const changeMs = nextClockChange(lab.clock.now() + 12 * HOUR_MS, tz);
      // The evening before, in the first minute of the quiet hours.
      const fromMs = nextWallTime(changeMs - 12 * HOUR_MS, tz, "22:00");
      await lab.clock.advance(fromMs - lab.clock.now());
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
        `${night}: from 22:00 until 07:00 nobody is woken`,
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
    // It is 07:00.
    await prefer(lab, user, { tz, quietHours: { from: "12:00", to: "14:00" } });
    const order = orderOf(lab, { template, channels: ["push"], user });
    const { attempts } = await untilStatus(lab, await notify(lab, order), {
      status: "sent",
    });
    expect(attempts, "Quiet hours at noon do not begin in the morning").toBe(1);
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
    for (const instance of lab.instances) await instance.freeze();
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
    const next = (
      priority: Order["priority"] = "normal",
      channels: readonly Channel[] = ["sms"],
    ) => notify(lab, orderOf(lab, { template, channels, user, priority }));

    lab.upstream("sms").script([{ status: 503 }], { status: 202 });
    const first = await next();
    const dueMs = await untilAttempts(lab, first, 1);
    await advanceTo(lab, dueMs);
    await untilStatus(lab, first, { status: "sent" });
    await untilStatus(lab, await next("otp"), { status: "sent" });
    // With two a day, the second attempt of the first was no notification of its own, and an otp is none. Nor is the
    // second channel of the second.
    lab.upstream("push").script([{ status: 400 }], { status: 202 });
    const second = await next("normal", ["push", "sms"]);
    await untilStatus(lab, second, { status: "sent", channel: "sms" });
    const third = await next("normal", ["email", "sms"]);
    const { reason } = await untilStatus(lab, third, { status: "suppressed" });
    expect(reason, "The third of a day is one too many, on any channel")
      .toBe("cap");
    await untilStatus(lab, await next("otp"), { status: "sent" });
    const { status } = await deliveryOf(lab, third, "sms");
    expect(status, "No other channel takes over from a cap").toBe("standby");

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
  const sendAt = new Date(lab.clock.now() + MINUTE_MS).toISOString();
  const order = orderOf(lab, { template, channels: ["sms"], user, sendAt });
  const id = await notify(lab, order);
  const { wire } = await lab.count(async () => {
    await lab.clock.advance(MINUTE_MS);
    await untilStatus(lab, id, { status: "sent" });
  });
  const names = Object.keys(wire.redis.byName);
  return names.every((name) => READS.has(name)) ? "postgres" : "redis";
}

/** Commands of Redis by which nobody counts; who wakes others by PUBLISH may do that in Postgres. */
const READS = new Set(
  [
    "PING TIME PUBLISH SUBSCRIBE PSUBSCRIBE EXISTS TTL PTTL SCAN",
    "GET MGET STRLEN HGET HMGET HGETALL HEXISTS HLEN LLEN LINDEX LRANGE",
    "SCARD SISMEMBER SMISMEMBER SMEMBERS",
    "ZCARD ZCOUNT ZSCORE ZRANK ZRANGE ZRANGEBYSCORE ZREVRANGE",
    "XLEN XRANGE XREVRANGE XREAD",
  ].flatMap((names) => names.split(" ")),
);
