import { after, before, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { RedisClientType } from "redis";
import { holdRedisWrites } from "./redis_gate.ts";
import type { Proxy } from "./types.ts";
import { gated, openWireFixture, type WireFixture } from "./wire_fixture.ts";

describe("holdRedisWrites()", () => {
  let wire: WireFixture;
  let instances: { proxy: Proxy; redis: RedisClientType }[];
  before(async () => {
    wire = await openWireFixture();
    instances = [await wire.openRedis("A"), await wire.openRedis("B")];
  });
  after(() => wire[Symbol.asyncDispose]());
  beforeEach(() => wire.redisAdmin.flushAll());

  const proxies = () => instances.map(({ proxy }) => proxy);
  const redisOf = (index: number) => instances[index % 2]!.redis;

  it("makes all 20 read before the first of them writes", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    const { result, heldMax } = await gated(gate, async (index) => {
      const seen = await redisOf(index).get("n");
      await redisOf(index).incr("n");
      return seen;
    }, 2);
    expect(result).toEqual(Array(20).fill(null));
    expect(heldMax).toBe(2);
    expect(await wire.redisAdmin.get("n")).toBe("20");
  });

  it("does so through several reads in a row", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    const { result } = await gated(gate, async (index) => {
      await redisOf(index).get("first");
      await redisOf(index).get("second");
      const seen = await redisOf(index).get("n");
      await redisOf(index).incr("n");
      return seen;
    });
    expect(result).toEqual(Array(20).fill(null));
  });

  it("leaves what is one command as it is", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    const { result } = await gated(gate, (index) => redisOf(index).incr("n"));
    expect(result.toSorted((a, b) => a - b))
      .toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("lets a new connection greet while replies are held", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    const operation = (async () => {
      const own = redisOf(0).duplicate();
      own.on("error", () => {});
      await own.connect();
      await own.incr("n");
      own.destroy();
    })();
    const { heldMax } = await gate.releaseWhenSettled(operation);
    await operation;
    expect(heldMax).toBe(1);
  });

  it("marks in the evidence how long each command was held", async () => {
    wire.trace.takeTexts();
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    await gated(gate, () => instances[0]!.redis.incr("n"));
    const replies = wire.trace.rows.filter((row) => row.text.startsWith("→"));
    expect(replies).toHaveLength(20);
    for (const row of replies) expect(row.heldMs).toBeGreaterThanOrEqual(10);
  });

  it("counts no writer when there is none, and ends with the operation", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin);
    const operation = instances[0]!.redis.get("n");
    const { heldMax, heldMs } = await gate.releaseWhenSettled(operation);
    expect(heldMax).toBe(0);
    // Without the operation's end it would wait 2,000 ms for a writer.
    expect(heldMs).toBeLessThan(1_900);
  });

  it("does not take a blocked reader for a writer", async () => {
    const blocked = instances[0]!.redis.duplicate();
    blocked.on("error", () => {});
    await blocked.connect();
    const popped = blocked.blPop("queue", 5);
    while (!/blocked_clients:1/.test(await wire.redisAdmin.info("clients"))) {
      // INFO itself takes the time between two looks.
    }
    const gate = await holdRedisWrites(wire.redisAdmin, { idleLimitMs: 50 });
    expect(await gate.releaseWhenSettled()).toMatchObject({ heldMax: 0 });
    await wire.redisAdmin.lPush("queue", "x");
    await popped;
    blocked.destroy();
  });
});
