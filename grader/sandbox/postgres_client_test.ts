import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { connectStores, type RunDatabase, startStores } from "../stores/mod.ts";
import { openTestHost, type TestHost } from "./open_test_host.ts";
import type { PostgresSocket } from "./types.ts";

describe("context.sql", () => {
  const opened = new AsyncDisposableStack();
  let database: RunDatabase;
  before(async () => {
    const stores = opened.use(await startStores());
    database = await opened.use(connectStores(stores.address)).createDatabase();
  });
  after(async () => {
    await database.drop();
    await opened.disposeAsync();
  });

  it("knows arrays of the built-in types, without a query for them", async () => {
    await using sandbox = await openTestHost("uses_postgres");
    await sandbox.load({ postgres: await linkServer(sandbox, database) });
    expect(JSON.parse((await sandbox.get("/")).slice(4))).toEqual({
      numbers: [1, 2],
      words: ["a", 'b "c"'],
      found: true,
      none: [],
      times: ["1970-01-01T00:00:00.000Z"],
      document: { a: [1] },
    });
  });

  it("fails while the server is away and works soon after", async () => {
    await using sandbox = await openTestHost("uses_postgres");
    const postgres = await linkServer(sandbox, database);
    await sandbox.load({ postgres });
    expect(await sandbox.get("/one")).toBe('200 [{"one":1}]');
    await Deno.remove(postgres.path);
    await using admin = endOnDispose(database.adminSql());
    await admin.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'instance A'
    `;
    expect(await sandbox.get("/one")).toMatch(/^500/);
    await linkServer(sandbox, database);
    let answer = "";
    for (let i = 0; i < 20 && !answer.startsWith("200"); i++) {
      answer = await sandbox.get("/one");
    }
    expect(answer).toBe('200 [{"one":1}]');
  });

  it("forgets the half of a result that came before its connection broke", async () => {
    await using sandbox = await openTestHost("uses_postgres");
    await sandbox.load({ postgres: await linkServer(sandbox, database) });
    await using admin = endOnDispose(database.adminSql());
    const half = sandbox.get("/slow-rows");
    let ended = 0;
    while (ended === 0) {
      const { count } = await admin.sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'instance A' AND query LIKE '%repeat%'
          AND clock_timestamp() - query_start > interval '200 ms'
      `;
      ended = count;
    }
    expect(await half).toMatch(/^500/);
    // So many that each connection of the pool is asked.
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => sandbox.get("/one")),
    );
    expect(new Set(answers)).toEqual(new Set(['200 [{"one":1}]']));
  });
});

/** A link where a run has its proxy: the server's own socket lies outside of what an instance may connect to. */
async function linkServer(
  { instanceDir }: TestHost,
  { name, user, password, socketPath }: RunDatabase,
): Promise<PostgresSocket> {
  const path = join(instanceDir, "postgres.sock");
  await Deno.symlink(socketPath, path);
  return { path, database: name, user, password };
}

function endOnDispose<T extends { end(): Promise<void> }>(sql: T) {
  return { sql, [Symbol.asyncDispose]: () => sql.end() };
}
