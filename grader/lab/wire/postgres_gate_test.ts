import { after, before, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Sql } from "postgres";
import { holdPostgresWrites } from "./postgres_gate.ts";
import { holdRedisWrites } from "./redis_gate.ts";
import type { Proxy } from "./types.ts";
import { gated, openWireFixture, type WireFixture } from "./wire_fixture.ts";

describe("holdPostgresWrites()", () => {
  let wire: WireFixture;
  let instances: { proxy: Proxy; sql: Sql }[];
  before(async () => {
    wire = await openWireFixture();
    instances = [wire.openPostgres("A"), wire.openPostgres("B")];
    await instances[0]!.sql`CREATE TABLE stock (id int PRIMARY KEY, n int)`;
    await instances[0]!.sql`CREATE TABLE "Odd name" (id int)`;
  });
  after(() => wire[Symbol.asyncDispose]());
  beforeEach(async () => {
    await instances[0]!.sql`TRUNCATE stock`;
    await instances[0]!.sql`INSERT INTO stock VALUES (1, 5)`;
  });

  const proxies = () => instances.map(({ proxy }) => proxy);
  const sqlOf = (index: number) => instances[index % 2]!.sql;

  it("makes all 20 read before the first of them writes", async () => {
    const gate = await holdPostgresWrites(wire.postgresAdmin, {
      proxies: proxies(),
    });
    const { result, heldMax } = await gated(gate, async (index) => {
      const [row] = await sqlOf(index)`SELECT n FROM stock WHERE id = 1`;
      await sqlOf(index)`UPDATE stock SET n = n - 1 WHERE id = 1`;
      return row!.n;
    }, 2);
    expect(result).toEqual(Array(20).fill(5));
    expect(heldMax).toBe(20);
  });

  it("leaves what is one statement as it is", async () => {
    const gate = await holdPostgresWrites(wire.postgresAdmin, {
      proxies: proxies(),
    });
    const { result } = await gated(gate, (index) =>
      sqlOf(index)`
        UPDATE stock SET n = n - 1 WHERE id = 1 AND n >= 1`);
    expect(result.filter(({ count }) => count === 1)).toHaveLength(5);
  });

  it("holds a table whose name needs quotes", async () => {
    const gate = await holdPostgresWrites(wire.postgresAdmin);
    const operation = sqlOf(0)`INSERT INTO "Odd name" VALUES (1)`.execute();
    expect(await gate.releaseWhenSettled(operation))
      .toMatchObject({ heldMax: 1 });
    await operation;
  });

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
    for (const { heldMax } of reports) expect(heldMax).toBeGreaterThan(0);
    expect(await wire.redisAdmin.get("n")).toBe("10");
  });
});
