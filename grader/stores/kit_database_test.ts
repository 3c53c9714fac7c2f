import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { storeAccount } from "./account.ts";
import { findKitDatabase, startKitDatabase } from "./kit_database.ts";
import type { KitConnection } from "./kit_database_record.ts";
import { isRunning, processIdentity } from "./process_identity.ts";

const OWNER = fileURLToPath(new URL("testdata/kit_owner.ts", import.meta.url));

describe("startKitDatabase()", () => {
  it("keeps its data between starts", async () => {
    await using folder = await databaseFolder();
    {
      await using database = await startKitDatabase(folder);
      await query(database.connection, "CREATE TABLE grades AS SELECT 1 AS n");
    }
    await using database = await startKitDatabase(folder);
    expect(await query(database.connection, "SELECT n FROM grades"))
      .toEqual([{ n: 1 }]);
  });

  it("writes what it commits to the disk, and keeps checksums", async () => {
    await using folder = await databaseFolder();
    await using database = await startKitDatabase(folder);
    expect(
      await query(
        database.connection,
        `SELECT name, setting FROM pg_settings WHERE name IN
          ('data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit')
          ORDER BY name`,
      ),
    ).toEqual([
      { name: "data_checksums", setting: "on" },
      { name: "fsync", setting: "on" },
      { name: "full_page_writes", setting: "on" },
      { name: "synchronous_commit", setting: "on" },
    ]);
  });

  it("is found by other processes while it runs", async () => {
    await using folder = await databaseFolder();
    const database = await startKitDatabase(folder);
    expect(await findKitDatabase(folder.dir)).toEqual(database.connection);
    await database[Symbol.asyncDispose]();
    expect(await findKitDatabase(folder.dir)).toBeUndefined();
  });

  it("refuses a second owner and says who the first is", async () => {
    await using folder = await databaseFolder();
    await using _database = await startKitDatabase(folder);
    await expect(startKitDatabase(folder)).rejects
      .toThrow(`in use by process ${Deno.pid}`);
  });

  it("has every committed row after its owner was killed", async () => {
    await using folder = await databaseFolder();
    const owner = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", OWNER, folder.dir],
      stdout: "piped",
    }).spawn();
    const reader = owner.stdout.getReader();
    await reader.read(); // It has committed.
    await reader.cancel();
    owner.kill("SIGKILL");
    await owner.status;
    await using database = await startKitDatabase(folder);
    expect(await query(database.connection, "SELECT n FROM grades"))
      .toEqual([{ n: 1 }]);
  });

  it("ends a server that outlived its owner", async () => {
    await using folder = await databaseFolder();
    const orphan = await startKitDatabase(folder);
    const record = join(folder.dir, "running.json");
    const running = JSON.parse(await Deno.readTextFile(record));
    const disowned = { ...running, owner: "999999999.1" };
    await Deno.writeTextFile(record, JSON.stringify(disowned));
    {
      await using database = await startKitDatabase(folder);
      expect(await isRunning(running.server)).toBe(false);
      expect(await query(database.connection, "SELECT 1 AS n"))
        .toEqual([{ n: 1 }]);
    }
    await orphan[Symbol.asyncDispose]();
  });

  it("starts although the pid in the lock file belongs to a stranger now", async () => {
    await using folder = await databaseFolder();
    await (await startKitDatabase(folder))[Symbol.asyncDispose]();
    // Of the same account: others Postgres tells apart by itself.
    const stranger = new Deno.Command("sleep", {
      args: ["600"],
      ...storeAccount(),
      cwd: folder.dir,
    }).spawn();
    await leaveLock(folder.dir, stranger.pid);
    await using database = await startKitDatabase(folder);
    expect(await query(database.connection, "SELECT 1 AS n"))
      .toEqual([{ n: 1 }]);
    expect(await processIdentity(stranger.pid)).toBeDefined();
    stranger.kill("SIGKILL");
    await stranger.status;
  });
});

/** A place for one test's database that the stores' account can enter. */
async function databaseFolder() {
  const path = await Deno.makeTempDir();
  await Deno.chmod(path, 0o711);
  return {
    dir: join(path, "database"),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** What a machine that lost power leaves, when `pid` has since been given to another process. */
async function leaveLock(dir: string, pid: number): Promise<void> {
  const lock = join(dir, "data/postmaster.pid");
  await Deno.writeTextFile(lock, `${pid}\n${dir}/data\n1\n5432\n`);
  const stale = { server: `${pid}.1`, owner: "999999999.1" };
  await Deno.writeTextFile(join(dir, "running.json"), JSON.stringify(stale));
}

async function query(
  connection: KitConnection,
  text: string,
): Promise<unknown[]> {
  const sql = postgres({ ...connection, max: 1 });
  try {
    return [...await sql.unsafe(text)];
  } finally {
    await sql.end();
  }
}
