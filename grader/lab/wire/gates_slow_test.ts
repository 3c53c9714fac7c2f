import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Sql } from "postgres";
import { type RedisClientType, WatchError } from "redis";
import { holdPostgresWrites } from "./postgres_gate.ts";
import { holdRedisWrites } from "./redis_gate.ts";
import type { Proxy } from "./types.ts";
import { gated, openWireFixture, type WireFixture } from "./wire_fixture.ts";

const LIMIT = 10;
const ROUNDS = 20;
/** Requests come all at once, 1 ms and 5 ms apart: in turn by round. */
const GAPS_MS = [0, 1, 5];

type RedisLimiter = (redis: RedisClientType) => Promise<boolean>;

/** What the gate must catch, and what it must let pass. */
const REDIS_LIMITERS: Record<
  string,
  { isRight: boolean; admit: RedisLimiter; admittedBefore?: number }
> = {
  "GET, then SET": {
    isRight: false,
    async admit(redis) {
      const count = Number(await redis.get("n") ?? 0);
      if (count >= LIMIT) return false;
      await redis.set("n", count + 1);
      return true;
    },
  },
  "GET, then INCR": {
    isRight: false,
    async admit(redis) {
      if (Number(await redis.get("n") ?? 0) >= LIMIT) return false;
      await redis.incr("n");
      return true;
    },
  },
  "INCR and look": {
    isRight: true,
    admit: async (redis) => await redis.incr("n") <= LIMIT,
  },
  "GET, then SET, behind a mutex of the process": {
    isRight: false,
    admit: inTurn(async (redis) => {
      const count = Number(await redis.get("n") ?? 0);
      if (count >= LIMIT) return false;
      await redis.set("n", count + 1);
      return true;
    }),
  },
  "GET, then INCR, behind a mutex of the process": {
    isRight: false,
    // Two instances are off by one at most, so the first two must be the ones to decide.
    admittedBefore: LIMIT - 1,
    admit: inTurn(async (redis) => {
      if (Number(await redis.get("n") ?? 0) >= LIMIT) return false;
      await redis.incr("n");
      return true;
    }),
  },
  "WATCH, and again when EXEC fails": {
    isRight: true,
    async admit(redis) {
      // WATCH belongs to a connection, so each attempt needs its own.
      const own = await redis.duplicate().on("error", () => {}).connect();
      try {
        for (;;) {
          await own.watch("n");
          if (Number(await own.get("n") ?? 0) >= LIMIT) return false;
          try {
            await own.multi().incr("n").exec();
            return true;
          } catch (error) {
            if (!(error instanceof WatchError)) throw error;
          }
        }
      } finally {
        own.destroy();
      }
    },
  },
  "a Lua script": {
    isRight: true,
    admit: async (redis) =>
      await redis.eval(
        `local n = tonumber(redis.call('GET', KEYS[1]) or 0)
         if n >= tonumber(ARGV[1]) then return 0 end
         redis.call('INCR', KEYS[1]) return 1`,
        { keys: ["n"], arguments: [String(LIMIT)] },
      ) === 1,
  },
};

describe("holdRedisWrites()", () => {
  let wire: WireFixture;
  let instances: { proxy: Proxy; redis: RedisClientType }[];
  before(async () => {
    wire = await openWireFixture();
    instances = [await wire.openRedis("A"), await wire.openRedis("B")];
  });
  after(() => wire[Symbol.asyncDispose]());

  const proxies = () => instances.map(({ proxy }) => proxy);

  for (
    const [name, { isRight, admit, admittedBefore = 0 }] of Object.entries(
      REDIS_LIMITERS,
    )
  ) {
    it(`${isRight ? "never fails" : "always catches"} ${name}`, async () => {
      let overAdmitted = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await wire.redisAdmin.set("n", admittedBefore);
        const gate = await holdRedisWrites(wire.redisAdmin, {
          proxies: proxies(),
        });
        const { result, heldMax } = await gated(
          gate,
          (index) => admit(instances[index % 2]!.redis),
          GAPS_MS[round % GAPS_MS.length],
        );
        expect(heldMax).toBeGreaterThan(0);
        if (result.filter(Boolean).length !== LIMIT - admittedBefore) {
          overAdmitted += 1;
        }
      }
      expect(overAdmitted).toBe(isRight ? 0 : ROUNDS);
    });
  }
});

type Buyer = (sql: Sql) => Promise<boolean>;
const UNITS = 5;

const POSTGRES_BUYERS: Record<string, { isRight: boolean; buy: Buyer }> = {
  "SELECT, then UPDATE": {
    isRight: false,
    async buy(sql) {
      const [row] = await sql`SELECT n FROM stock WHERE id = 1`;
      if (row!.n < 1) return false;
      await sql`UPDATE stock SET n = ${row!.n - 1} WHERE id = 1`;
      return true;
    },
  },
  "SELECT, then UPDATE, in a transaction": {
    isRight: false,
    buy: (sql) =>
      sql.begin(async (tx) => {
        const [row] = await tx`SELECT n FROM stock WHERE id = 1`;
        if (row!.n < 1) return false;
        await tx`UPDATE stock SET n = n - 1 WHERE id = 1`;
        return true;
      }),
  },
  "UPDATE … WHERE n >= 1": {
    isRight: true,
    buy: async (sql) =>
      (await sql`UPDATE stock SET n = n - 1 WHERE id = 1 AND n >= 1`).count ===
        1,
  },
  "SELECT … FOR UPDATE": {
    isRight: true,
    buy: (sql) =>
      sql.begin(async (tx) => {
        const [row] = await tx`SELECT n FROM stock WHERE id = 1 FOR UPDATE`;
        if (row!.n < 1) return false;
        await tx`UPDATE stock SET n = n - 1 WHERE id = 1`;
        return true;
      }),
  },
  "an advisory lock": {
    isRight: true,
    buy: (sql) =>
      sql.begin(async (tx) => {
        await tx`SELECT pg_advisory_xact_lock(1)`;
        const [row] = await tx`SELECT n FROM stock WHERE id = 1`;
        if (row!.n < 1) return false;
        await tx`UPDATE stock SET n = n - 1 WHERE id = 1`;
        return true;
      }),
  },
  "SERIALIZABLE with retries": {
    isRight: true,
    async buy(sql) {
      for (;;) {
        try {
          return await sql.begin("ISOLATION LEVEL SERIALIZABLE", async (tx) => {
            const [row] = await tx`SELECT n FROM stock WHERE id = 1`;
            if (row!.n < 1) return false;
            await tx`UPDATE stock SET n = n - 1 WHERE id = 1`;
            return true;
          });
        } catch (error) {
          if ((error as { code?: string }).code !== "40001") throw error;
        }
      }
    },
  },
  "a row per unit, INSERT … ON CONFLICT DO NOTHING": {
    isRight: true,
    async buy(sql) {
      for (let unit = 0; unit < UNITS; unit++) {
        const { count } = await sql`
          INSERT INTO sales VALUES (${unit}) ON CONFLICT DO NOTHING`;
        if (count === 1) return true;
      }
      return false;
    },
  },
};

describe("holdPostgresWrites()", () => {
  let wire: WireFixture;
  let instances: { proxy: Proxy; sql: Sql }[];
  before(async () => {
    wire = await openWireFixture();
    instances = [wire.openPostgres("A"), wire.openPostgres("B")];
    await instances[0]!.sql`CREATE TABLE stock (id int PRIMARY KEY, n int)`;
    await instances[0]!.sql`CREATE TABLE "Odd name" (id int)`;
    await instances[0]!.sql`CREATE TABLE sales (unit int PRIMARY KEY)`;
  });
  after(() => wire[Symbol.asyncDispose]());

  async function restock(): Promise<void> {
    const { sql } = instances[0]!;
    await sql`TRUNCATE stock, sales`;
    await sql`INSERT INTO stock VALUES (1, ${UNITS})`;
  }
  const proxies = () => instances.map(({ proxy }) => proxy);

  for (const [name, { isRight, buy }] of Object.entries(POSTGRES_BUYERS)) {
    it(`${isRight ? "never fails" : "always catches"} ${name}`, async () => {
      let oversold = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await restock();
        const gate = await holdPostgresWrites(wire.postgresAdmin, {
          proxies: proxies(),
        });
        const { result, heldMax } = await gated(
          gate,
          (index) => buy(instances[index % 2]!.sql),
          GAPS_MS[round % GAPS_MS.length],
        );
        expect(heldMax).toBeGreaterThan(0);
        if (result.filter(Boolean).length !== UNITS) oversold += 1;
      }
      expect(oversold).toBe(isRight ? 0 : ROUNDS);
    });
  }
});

/** One call at a time per client, as with a lock in the memory of one instance. */
function inTurn(admit: RedisLimiter): RedisLimiter {
  const last = new WeakMap<RedisClientType, Promise<boolean>>();
  return (redis) => {
    const turn = (last.get(redis) ?? Promise.resolve(true))
      .then(() => admit(redis));
    last.set(redis, turn);
    return turn;
  };
}
