import { after, before, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Sql } from "postgres";
import { type RedisClientType, WatchError } from "redis";
import { holdPostgresWrites } from "./postgres_gate.ts";
import { holdRedisWrites } from "./redis_gate.ts";
import type { Proxy, WriteGate } from "./types.ts";
import { openWireFixture, type WireFixture } from "./wire_fixture.ts";

const LIMIT = 10;
const ROUNDS = 20;
const REQUESTS = 20;

type RedisLimiter = (redis: RedisClientType) => Promise<boolean>;

/** What the gate must catch, and what it must let pass. */
const REDIS_LIMITERS: Record<
  string,
  { isRight: boolean; admit: RedisLimiter }
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
  beforeEach(() => wire.redisAdmin.flushAll());

  const proxies = () => instances.map(({ proxy }) => proxy);

  for (const [name, { isRight, admit }] of Object.entries(REDIS_LIMITERS)) {
    it(`${isRight ? "never fails" : "always catches"} ${name}`, async () => {
      let overAdmitted = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await wire.redisAdmin.flushAll();
        const gate = await holdRedisWrites(wire.redisAdmin, {
          proxies: proxies(),
        });
        const { result, heldMax } = await gated(
          gate,
          (index) => admit(instances[index % 2]!.redis),
        );
        expect(heldMax).toBeGreaterThan(0);
        if (result.filter(Boolean).length !== LIMIT) overAdmitted += 1;
      }
      expect(overAdmitted).toBe(isRight ? 0 : ROUNDS);
    });
  }

  it("marks in the evidence how long each command was held", async () => {
    wire.trace.takeTexts();
    const gate = await holdRedisWrites(wire.redisAdmin, { proxies: proxies() });
    await gated(gate, () => instances[0]!.redis.incr("n"));
    const replies = wire.trace.rows.filter((row) => row.text.startsWith("→"));
    expect(replies).toHaveLength(REQUESTS);
    for (const row of replies) expect(row.heldMs).toBeGreaterThanOrEqual(10);
  });

  it("counts no writer when there is none, and ends with the operation", async () => {
    const gate = await holdRedisWrites(wire.redisAdmin);
    const operation = instances[0]!.redis.get("n");
    const { heldMax, heldMs } = await gate.releaseWhenSettled(operation);
    expect(heldMax).toBe(0);
    expect(heldMs).toBeLessThan(1_000);
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
  beforeEach(restock);

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
        );
        expect(heldMax).toBeGreaterThan(0);
        if (result.filter(Boolean).length !== UNITS) oversold += 1;
      }
      expect(oversold).toBe(isRight ? 0 : ROUNDS);
    });
  }

  it("gives up when somebody is writing, without a deadlock", async () => {
    const held = Promise.withResolvers<void>();
    const writing = Promise.withResolvers<void>();
    const writer = instances[0]!.sql.begin(async (tx) => {
      await tx`UPDATE stock SET n = n`;
      writing.resolve();
      await held.promise;
    });
    await writing.promise;
    await expect(holdPostgresWrites(wire.postgresAdmin))
      .rejects.toThrow("a transaction is writing to them");
    held.resolve();
    await writer;
    await using gate = await holdPostgresWrites(wire.postgresAdmin);
    expect(await gate.release()).toMatchObject({ heldMax: 0 });
  });
});

describe("both gates together", () => {
  it("let each writer through, whichever store it writes first", async () => {
    await using wire = await openWireFixture();
    const { proxy: redisProxy, redis } = await wire.openRedis("A");
    const { proxy: postgresProxy, sql } = wire.openPostgres("A");
    await sql`CREATE TABLE log (n int)`;
    const gates = [
      await holdRedisWrites(wire.redisAdmin, { proxies: [redisProxy] }),
      await holdPostgresWrites(wire.postgresAdmin, {
        proxies: [postgresProxy],
      }),
    ];
    const operation = Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        if (n % 2 === 0) await redis.incr("n");
        await sql`INSERT INTO log VALUES (${n})`;
        if (n % 2 === 1) await redis.incr("n");
      }),
    );
    const reports = await Promise.all(
      gates.map((gate) => gate.releaseWhenSettled(operation)),
    );
    await operation;
    for (const { heldMax, heldMs } of reports) {
      expect(heldMax).toBeGreaterThan(0);
      expect(heldMs).toBeLessThan(1_500);
    }
    expect(await wire.redisAdmin.get("n")).toBe("10");
  });
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

/** Fires all requests at a held store and lets go once they have settled. */
async function gated<T>(
  gate: WriteGate,
  request: (index: number) => Promise<T>,
): Promise<{ result: T[]; heldMax: number }> {
  const operation = Promise.all(
    Array.from({ length: REQUESTS }, (_, index) => request(index)),
  );
  const { heldMax } = await gate.releaseWhenSettled(operation);
  return { result: await operation, heldMax };
}
