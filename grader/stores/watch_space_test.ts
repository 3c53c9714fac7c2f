import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { connectStores, type StoresClient } from "./connect_stores.ts";
import type { RunDatabase } from "./run_database.ts";
import { startStores, type Stores } from "./start_stores.ts";
import { watchSpace } from "./watch_space.ts";

describe("watchSpace()", () => {
  let stores: Stores;
  let client: StoresClient;

  before(async () => {
    stores = await startStores();
    client = connectStores(stores.address);
  });
  after(async () => {
    await client[Symbol.asyncDispose]();
    await stores[Symbol.asyncDispose]();
  });

  it("drops the largest database when space runs low, and no other", async () => {
    const [greedy, modest] = await Promise.all([
      client.createDatabase(),
      client.createDatabase(),
    ]);
    await fill(greedy, 80);
    expect(await firstMessage(0)).toMatch(
      new RegExp(`^Memory ran low: dropped ${greedy.name} with \\d+ MB$`),
    );
    await expect(ask(greedy)).rejects.toThrow("does not exist");
    expect(await ask(modest)).toEqual([{ one: 1 }]);
    await greedy.drop(); // Its run still cleans up.
    await modest.drop();
  });

  it("drops nothing while there is space, and nothing of ordinary size", async () => {
    const database = await client.createDatabase();
    await fill(database, 80);
    expect(await looks(3, Infinity)).toEqual([]);
    await database.drop();
    const small = await client.createDatabase();
    expect(await looks(3, 0)).toEqual([]);
    expect(await ask(small)).toEqual([{ one: 1 }]);
    await small.drop();
  });

  /** What the watch says first when it measures `free` bytes. */
  async function firstMessage(free: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    await using _watch = watchSpace({
      ...watched(),
      onProgress: resolve,
      measure: () => Promise.resolve(free),
    });
    const deadline = AbortSignal.timeout(10_000);
    deadline.addEventListener("abort", () => resolve("nothing within 10 s"));
    return await promise;
  }

  /** What it says until it has begun `count` looks: the last of them is preceded by whole ones. */
  async function looks(count: number, free: number): Promise<string[]> {
    const messages: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let looked = 0;
    await using _watch = watchSpace({
      ...watched(),
      onProgress: (message) => messages.push(message),
      measure: () => {
        if (++looked === count) resolve();
        return Promise.resolve(free);
      },
    });
    const keepAlive = setInterval(() => {}, 1_000);
    await promise;
    clearInterval(keepAlive);
    return messages;
  }

  function watched() {
    const { postgres } = stores.address;
    return { folder: postgres.socketDir, postgres };
  }
});

async function fill(database: RunDatabase, megabytes: number): Promise<void> {
  const sql = database.ownerSql();
  await sql`CREATE TABLE flood (t text)`;
  await sql`
    INSERT INTO flood SELECT repeat('x', 1000)
    FROM generate_series(1, ${megabytes * 1000}::int)`;
  await sql.end();
}

async function ask(database: RunDatabase): Promise<unknown[]> {
  const sql = database.ownerSql();
  try {
    return [...await sql`SELECT 1 AS one`];
  } finally {
    await sql.end();
  }
}
