import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { fileURLToPath } from "node:url";
import { connectStores } from "./connect_stores.ts";
import { isRunning, processIdentity } from "./process_identity.ts";
import { startStores } from "./start_stores.ts";
import { temporaryKitFolder } from "./testdata/temporary_kit_folder.ts";

const OWNER = fileURLToPath(new URL("testdata/owner.ts", import.meta.url));

describe("startStores()", () => {
  it("gives an address that survives JSON", async () => {
    await using stores = await startStores();
    const address = JSON.parse(JSON.stringify(stores.address));
    await using client = connectStores(address);
    const database = await client.createDatabase();
    const sql = database.ownerSql();
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    await sql.end();
  });

  it("says which versions run", async () => {
    await using stores = await startStores();
    expect(stores.versions.postgres).toMatch(/^\d+\.\d+/);
    expect(stores.versions.redis).toMatch(/^\d+\.\d+/);
  });

  it("leaves neither files nor processes behind on dispose", async () => {
    const stores = await startStores();
    const { runDir, postgres } = stores.address;
    const client = connectStores(stores.address);
    const redis = await client.startRedis(runDir);
    const redisIdentity = (await processIdentity(redis.pid))!;
    await client[Symbol.asyncDispose]();
    await stores[Symbol.asyncDispose]();
    expect(await isRunning(redisIdentity)).toBe(false);
    for (const folder of [runDir, postgres.socketDir]) {
      await expect(Deno.lstat(folder)).rejects.toThrow(Deno.errors.NotFound);
    }
  });

  it("says what it prepares the first time on a machine, and nothing later", async () => {
    await using folder = await temporaryKitFolder();
    const messages: string[] = [];
    const onProgress = (message: string) => void messages.push(message);
    await (await startStores({ onProgress }))[Symbol.asyncDispose]();
    // Where Redis is not installed, it is fetched before.
    expect(messages.at(-1)).toBe("Preparing Postgres (once)");
    const first = messages.length;
    await (await startStores({ onProgress }))[Symbol.asyncDispose]();
    expect(messages).toHaveLength(first);
    expect(folder.path).toBe(Deno.env.get("TRESTLE_DIR"));
  });

  it("starts nothing once it is aborted", async () => {
    await using _folder = await temporaryKitFolder();
    const signal = AbortSignal.abort(new Error("changed my mind"));
    await expect(startStores({ signal })).rejects.toThrow("changed my mind");
  });

  for (const signal of ["SIGKILL", "SIGINT", "SIGTERM"] as const) {
    it(`lets nothing live on when its owner ends by ${signal}`, async () => {
      const owner = await startOwner();
      owner.kill(signal);
      for (const identity of owner.processes) await ended(identity);
      await (await startStores())[Symbol.asyncDispose]();
      for (const folder of owner.folders) {
        await expect(Deno.lstat(folder)).rejects.toThrow(Deno.errors.NotFound);
      }
    });
  }
});

/** A process that has started stores and a Redis, and then just sits there. */
async function startOwner() {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", OWNER],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  const { folders, pids } = JSON.parse(value);
  const processes: string[] = await Promise.all(pids.map(processIdentity));
  expect(processes.filter(Boolean)).toHaveLength(2);
  return {
    folders: folders as string[],
    processes,
    kill: (signal: Deno.Signal) => child.kill(signal),
  };
}

async function ended(identity: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (await isRunning(identity)) {
    if (performance.now() > deadline) throw new Error(`${identity} lives on`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
