import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";

describe("lab.clock", () => {
  const labs = useLabs();

  it("is the same everywhere, stands still, and moves by steps", async () => {
    await labs.use("clock_reader", {}, async (lab) => {
      const start = lab.clock.now();
      expect(start % 60_000).toBe(0);
      const everywhere = (now: number) => ({
        clock: now,
        date: now,
        newDate: now,
        postgres: now,
        postgresClock: now,
        redis: now,
      });
      expect((await lab.get("/")).json).toEqual(everywhere(start));
      await lab.clock.advance(90_500);
      expect((await lab.get("/")).json).toEqual(everywhere(start + 90_500));
    });
  });

  it("wakes a sleeper once its time has come, and not before", async () => {
    await labs.use("clock_reader", {}, async (lab) => {
      await lab.get("/sleep");
      await lab.clock.advance(59_999);
      // Sleepers look every 5 ms: two answers are a marker that has passed the same loop.
      await lab.get("/");
      expect((await lab.get("/awake")).json).toBe(false);
      await lab.clock.advance(1);
      await lab.eventually(async () =>
        expect((await lab.get("/awake")).json).toBe(true)
      );
    });
  });

  it("moves everywhere at once: no store is ahead of an instance", async () => {
    await labs.use("clock_reader", {}, async (lab) => {
      await lab.get("/compare");
      for (let step = 0; step < 30; step++) await lab.clock.advance(1_000);
      expect((await lab.get("/tears")).json).toBe(0);
    });
  });

  it("skews one instance alone", async () => {
    await labs.use("clock_reader", { instances: 2 }, async (lab) => {
      const [a, b] = [lab.on(0), lab.on(1)];
      lab.clock.skew(b, 300_000);
      const now = lab.clock.now();
      expect((await a.get("/")).json.date).toBe(now);
      expect((await b.get("/")).json.date).toBe(now + 300_000);
      expect((await b.get("/")).json.postgres).toBe(now);
      lab.clock.skew(b, 0);
      expect((await b.get("/")).json.date).toBe(now);
    });
  });

  it("shortens lifetimes in Redis and removes what is due", async () => {
    await labs.use("misdeeds", {}, async (lab) => {
      const { redis, clock } = lab;
      await redis.set("minute", "x", { expiration: { type: "EX", value: 60 } });
      await redis.set("hour", "x", { expiration: { type: "EX", value: 3600 } });
      await redis.set("for ever", "x");
      await clock.advance(59_000);
      expect(await redis.pTTL("minute")).toBeLessThanOrEqual(1_000);
      expect(await redis.get("minute")).toBe("x");
      await clock.advance(1_000);
      expect((await redis.keys("*")).toSorted())
        .toEqual(["for ever", "hour", "kit:now"]);
      expect(await redis.pTTL("hour")).toBeGreaterThan(3_530_000);
      expect(await redis.pTTL("hour")).toBeLessThanOrEqual(3_540_000);
    });
  });

  it("makes pending entries of a stream as old as the step", async () => {
    await labs.use("misdeeds", {}, async ({ redis, clock }) => {
      await redis.xGroupCreate("jobs", "workers", "$", { MKSTREAM: true });
      await redis.xAdd("jobs", "*", { job: "1" });
      await redis.xReadGroup("workers", "one", { key: "jobs", id: ">" });
      await clock.advance(30_000);
      const [pending] = await redis.xPendingRange(
        "jobs",
        "workers",
        "-",
        "+",
        9,
      );
      expect(pending).toMatchObject({ consumer: "one", deliveriesCounter: 1 });
      expect(pending!.millisecondsSinceLastDelivery)
        .toBeGreaterThanOrEqual(30_000);
    });
  });

  it("still knows the time after Redis was emptied or restarted", async () => {
    await labs.use("clock_reader", {}, async (lab) => {
      await lab.redis.flushAll();
      expect((await lab.get("/")).json.redis).toBe(lab.clock.now());
      await lab.restart("redis");
      const { redis } = await lab.eventually(async () => {
        const { json } = await lab.get("/");
        expect(json?.redis).toBeDefined();
        return json;
      });
      expect(redis).toBe(lab.clock.now());
    });
  });

  it("refuses steps that are no whole milliseconds forward", async () => {
    await labs.use("misdeeds", {}, async ({ clock }) => {
      await expect(clock.advance(-1)).rejects.toThrow("not -1");
      await expect(clock.advance(0.5)).rejects.toThrow("not 0.5");
    });
  });
});
