import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openProxy } from "./proxy.ts";
import { openWireFixture, type WireFixture } from "./wire_fixture.ts";

describe("faults of a proxy", () => {
  let wire: WireFixture;
  before(async () => {
    wire = await openWireFixture();
  });
  after(() => wire[Symbol.asyncDispose]());

  it("latency() adds to each round trip, and once to what is sent together", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    using fault = proxy.latency(50);
    const oneMs = await timed(() => redis.get("k"));
    const threeMs = await timed(async () => {
      for (let n = 0; n < 3; n++) await redis.get("k");
    });
    const togetherMs = await timed(() =>
      Promise.all(Array.from({ length: 50 }, () => redis.get("k")))
    );
    expect(oneMs).toBeGreaterThanOrEqual(49);
    expect(threeMs).toBeGreaterThanOrEqual(147);
    // One by one they would take 2,500 ms.
    expect(togetherMs).toBeLessThan(1_500);
    fault.heal();
    const hits = fault.hits;
    expect(hits).toBeGreaterThanOrEqual(5);
    await redis.get("k");
    expect(fault.hits).toBe(hits);
  });

  it("latency() is not added up for what is sent while the first is under way", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    await sql`SELECT 1`;
    using _fault = proxy.latency(200);
    const ms = await timed(async () => {
      const queries = [];
      for (let n = 0; n < 5; n++) {
        queries.push(sql`SELECT 1`.execute());
        await afterMs(5);
      }
      await Promise.all(queries);
    });
    expect(ms).toBeGreaterThanOrEqual(199);
    // Added up it would be 1,000 ms.
    expect(ms).toBeLessThan(800);
  });

  it("cut() resets and refuses; a healed store is reached again", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 2 });
    await sql`SELECT 1`;
    const sleeping = sql`SELECT pg_sleep(5)`.catch((error) => error.code);
    while (proxy.outstanding === 0) await afterMs(1);
    const fault = proxy.cut();
    expect(await sleeping).toBe("CONNECTION_CLOSED");
    expect(await sql`SELECT 1`.catch((error) => error.code))
      .toBe("ECONNREFUSED");
    expect(fault.hits).toBeGreaterThanOrEqual(1);
    fault.heal();
    expect(await sql`SELECT 1 AS one`).toMatchObject([{ one: 1 }]);
  });

  it("cut() fails Redis commands, and the client reconnects after healing", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    await redis.set("k", "v");
    const fault = proxy.cut();
    await expect(redis.get("k")).rejects.toThrow();
    fault.heal();
    expect(await redis.get("k")).toBe("v");
    expect(fault.hits).toBe(1);
    expect(proxy.counts().connections).toBeGreaterThanOrEqual(2);
  });

  it("blackhole() accepts and never answers; healing resets", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const fault = proxy.blackhole();
    let isAnswered = false;
    const reply = redis.get("k").catch(() => "failed").finally(() => {
      isAnswered = true;
    });
    while (fault.hits === 0) await afterMs(1);
    // A second proxy to the same store has answered meanwhile: the silence is not slowness.
    const { redis: other } = await wire.openRedis("B");
    await other.get("k");
    expect(isAnswered).toBe(false);
    expect(proxy.outstanding).toBe(1);
    fault.heal();
    await reply;
    expect(proxy.outstanding).toBe(0);
  });

  it("slice() delivers byte by byte, and everything arrives", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const { proxy: postgres, sql } = wire.openPostgres("A", { max: 1 });
    using fault = proxy.slice();
    using _other = postgres.slice();
    const value = "ü".repeat(5_000);
    await redis.set("sliced", value);
    expect(await redis.get("sliced")).toBe(value);
    expect(fault.hits).toBeGreaterThanOrEqual(4);
    expect(await sql`SELECT ${value}::text AS value`).toMatchObject([{
      value,
    }]);
  });

  it("two faults are healed one by one", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const first = proxy.latency(30);
    const second = proxy.latency(30);
    expect(await timed(() => redis.get("k"))).toBeGreaterThanOrEqual(59);
    first.heal();
    first.heal();
    const oneMs = await timed(() => redis.get("k"));
    expect(oneMs).toBeGreaterThanOrEqual(29);
    second.heal();
    expect(second.hits).toBe(2);
  });

  it("a store that is away closes the connection instead of hanging", async () => {
    await using proxy = openProxy({
      protocol: "redis",
      instance: "A",
      listenPath: `${wire.dir}/away`,
      targetPath: `${wire.dir}/nobody`,
    });
    const path = proxy.options.listenPath;
    using connection = await Deno.connect({ transport: "unix", path });
    expect(await connection.read(new Uint8Array(1))).toBe(null);
  });

  it("a path that no unix socket can have is refused", () => {
    expect(() =>
      openProxy({
        protocol: "redis",
        instance: "A",
        listenPath: `/tmp/${"x".repeat(110)}`,
        targetPath: "/tmp/x",
      })
    ).toThrow(/at most \d+ bytes/);
  });
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await work();
  return performance.now() - fromMs;
}

function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
