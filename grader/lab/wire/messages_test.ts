import { after, before, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { RedisClientType } from "redis";
import { GateNotReached, type WireMessage } from "./types.ts";
import { openWireFixture, type WireFixture } from "./wire_fixture.ts";

let wire: WireFixture;
before(async () => {
  wire = await openWireFixture();
});
after(() => wire[Symbol.asyncDispose]());
beforeEach(() => wire.redisAdmin.flushAll());

describe("holdNext()", () => {
  it("holds the next match before it is forwarded, others pass", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    using gate = proxy.holdNext(/^SET item:/);
    await redis.set("other", "1");
    const held = redis.set("item:1", "1");
    await gate.reached;
    expect(await wire.redisAdmin.get("item:1")).toBe(null);
    gate.release();
    await held;
    expect(await wire.redisAdmin.get("item:1")).toBe("1");
    await redis.set("item:2", "1");
    const reply = wire.trace.rows.find((row) => row.heldMs !== undefined);
    expect(reply?.text).toBe("→ OK");
  });

  it("holds a COMMIT: others cannot see the row until it is released", async () => {
    const { proxy, sql } = wire.openPostgres("A");
    await sql`CREATE TABLE changes (id int)`;
    using gate = proxy.holdNext(/^commit/i);
    const insert = sql.begin((tx) => tx`INSERT INTO changes VALUES (1)`);
    await gate.reached;
    expect(await wire.postgresAdmin`SELECT FROM app.changes`).toHaveLength(0);
    gate.release();
    await insert;
    expect(await wire.postgresAdmin`SELECT FROM app.changes`).toHaveLength(1);
  });

  it("holds a statement with everything that belongs to it, by its values", async () => {
    const { proxy, sql } = wire.openPostgres("A");
    const { sql: other } = wire.openPostgres("B");
    await sql`CREATE TABLE items (id int, n int)`;
    await sql`INSERT INTO items VALUES (1, 1)`;
    using gate = proxy.holdNext(/SELECT n FROM items WHERE id = 1/);
    const read = sql`SELECT n FROM items WHERE id = ${1}`;
    const reading = read.execute();
    await gate.reached;
    await other`UPDATE items SET n = 2`;
    gate.release();
    // A snapshot taken before the gate would still show 1.
    expect(await reading).toMatchObject([{ n: 2 }]);
  });

  it("rejects as not reached when nothing matches in time", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    using gate = proxy.holdNext(/^DEL/, { withinMs: 20 });
    await redis.get("k");
    await expect(gate.reached).rejects.toThrow(GateNotReached);
    await expect(gate.reached).rejects.toThrow("from A to redis");
  });
});

describe("a stale cache fill, ordered by holdNext()", () => {
  const fills: Record<string, { isRight: boolean; fill: Fill }> = {
    "a plain SET": {
      isRight: false,
      fill: (redis, value) => redis.set("item", value),
    },
    "a SET that checks the version": {
      isRight: true,
      fill: (redis, value, version) =>
        redis.eval(
          `if tonumber(redis.call('GET', KEYS[2]) or 0) > tonumber(ARGV[2]) then return 0 end
           return redis.call('SET', KEYS[1], ARGV[1])`,
          { keys: ["item", "version"], arguments: [value, String(version)] },
        ),
    },
  };

  for (const [name, { isRight, fill }] of Object.entries(fills)) {
    it(`${isRight ? "never fails" : "always catches"} ${name}`, async () => {
      const a = await wire.openRedis("A");
      const b = await wire.openRedis("B");
      for (let round = 0; round < 20; round++) {
        await wire.redisAdmin.flushAll();
        using gate = a.proxy.holdNext(/old/);
        const filling = fill(a.redis, "old", 1);
        await gate.reached;
        await b.redis.set("version", "2");
        await b.redis.del("item");
        gate.release();
        await filling;
        expect(await b.redis.get("item")).toBe(isRight ? null : "old");
      }
    });
  }
});

type Fill = (
  redis: RedisClientType,
  value: string,
  version: number,
) => Promise<unknown>;

describe("holdNextReply()", () => {
  it("holds what was read while others write", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 2 });
    await sql`CREATE TABLE levels (n int)`;
    await sql`INSERT INTO levels VALUES (1)`;
    using gate = proxy.holdNextReply(/SELECT n FROM levels/);
    const reading = sql`SELECT n FROM levels`.execute();
    await gate.reached;
    await sql`UPDATE levels SET n = 2`;
    gate.release();
    expect(await reading).toMatchObject([{ n: 1 }]);
    expect(await sql`SELECT n FROM levels`).toMatchObject([{ n: 2 }]);
  });

  it("holds an answer of Redis, with the command carried out", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    using gate = proxy.holdNextReply(/^INCR n/);
    const counting = redis.incr("n");
    await gate.reached;
    expect(await wire.redisAdmin.get("n")).toBe("1");
    gate.release();
    expect(await counting).toBe(1);
  });
});

describe("onMessage", () => {
  it("sees every message before and after, and MULTI as one", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const seen: string[] = [];
    proxy.onMessage = (message) => {
      seen.push(shown(message));
      return "pass";
    };
    await redis.get("k");
    await redis.multi().incr("n").expire("n", 60).exec();
    expect(seen).toEqual([
      "before GET k",
      "after GET k",
      "before EXEC (INCR n; EXPIRE n 60)",
      "after EXEC (INCR n; EXPIRE n 60)",
    ]);
  });

  it("sees each Postgres Query and Sync, and no start-up", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    const seen: string[] = [];
    proxy.onMessage = (message) => {
      seen.push(shown(message));
      return "pass";
    };
    await sql.begin((tx) => tx`SELECT ${1}::int AS one`);
    expect(seen).toEqual([
      "before begin",
      "after begin",
      "before SELECT 1::int AS one",
      "after SELECT 1::int AS one",
      "before commit",
      "after commit",
    ]);
  });

  it("drops before: the store never gets the command", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    proxy.onMessage = ({ side }) => dropOnce(proxy, side === "before");
    const outcome = await redis.incr("n").catch(() => "no reply");
    expect(outcome).toBe("no reply");
    expect(await wire.redisAdmin.get("n")).toBe(null);
  });

  it("drops after: the store has it, the client hears nothing", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    proxy.onMessage = ({ side }) => dropOnce(proxy, side === "after");
    const outcome = await redis.incr("n").catch(() => "no reply");
    expect(outcome).toBe("no reply");
    expect(await wire.redisAdmin.get("n")).toBe("1");
  });

  it("drops a commit before: nothing is left; after: the row is there", async () => {
    const { sql: setUp } = wire.openPostgres("A");
    await setUp`CREATE TABLE charges (id text)`;
    for (const drop of ["before", "after"] as const) {
      const { proxy, sql } = wire.openPostgres("A", { max: 1 });
      proxy.onMessage = ({ side, text }) =>
        dropOnce(proxy, side === drop && text === "commit");
      const outcome = await sql.begin((tx) =>
        tx`INSERT INTO charges VALUES (${drop})`
      )
        .catch((error) => error.code);
      expect(outcome).toBe("CONNECTION_CLOSED");
    }
    expect(await setUp`SELECT id FROM charges`).toEqual([{ id: "after" }]);
  });

  it("may take its time, and what follows on the connection waits", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const letGo = Promise.withResolvers<"pass">();
    const asked = Promise.withResolvers<void>();
    proxy.onMessage = () => {
      asked.resolve();
      return letGo.promise;
    };
    const replies = Promise.all([redis.incr("n"), redis.incr("n")]);
    await asked.promise;
    expect(await wire.redisAdmin.get("n")).toBe(null);
    proxy.onMessage = undefined;
    letGo.resolve("pass");
    expect(await replies).toEqual([1, 2]);
  });
});

/** The first time that `isNow` is true. */
function dropOnce(
  proxy: { onMessage: unknown },
  isNow: boolean,
): "pass" | "drop" {
  if (!isNow) return "pass";
  proxy.onMessage = undefined;
  return "drop";
}

function shown({ side, text }: WireMessage): string {
  return `${side} ${text}`;
}
