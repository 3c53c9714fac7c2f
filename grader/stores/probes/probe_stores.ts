import { connectStores } from "../connect_stores.ts";
import { makeRunFolder } from "../run_folder.ts";
import { provisionRedis } from "../redis_binary.ts";
import { startRedisServer } from "../redis_server.ts";
import { startStores } from "../start_stores.ts";
import type { Probe } from "./types.ts";

/** Whether Postgres starts and gives a run its database, with the extensions that workshops use. */
export async function probePostgres(): Promise<Probe> {
  const name = "Postgres";
  try {
    const startedAt = performance.now();
    await using stores = await startStores();
    const startMs = Math.round(performance.now() - startedAt);
    await using client = connectStores(stores.address);
    const database = await client.createDatabase();
    await using sql = closing(database.ownerSql());
    await sql.client`CREATE EXTENSION pg_trgm`;
    await sql.client`CREATE EXTENSION btree_gist`;
    const version = stores.versions.postgres;
    return { name, status: "ok", detail: `${version} starts in ${startMs} ms` };
  } catch (error) {
    return { name, status: "fail", ...explain(error, "deno install") };
  }
}

/** Whether a Redis is there, or can be fetched, and starts. */
export async function probeRedis(): Promise<Probe> {
  const name = "Redis";
  try {
    const redis = await provisionRedis();
    await using folder = await makeRunFolder();
    const startedAt = performance.now();
    const place = { dir: folder.path, runDir: folder.path };
    await using _server = await startRedisServer(redis, place);
    const startMs = Math.round(performance.now() - startedAt);
    const detail = `${redis.version} starts in ${startMs} ms`;
    if (parseInt(redis.version) >= 7) return { name, status: "ok", detail };
    return {
      name,
      status: "warn",
      detail: `${detail}, but lacks commands that came with 7`,
      fix: "Install Redis 7 or Valkey",
    };
  } catch (error) {
    return { name, status: "fail", ...explain(error) };
  }
}

/** Our messages end with the command to run, if there is one. */
function explain(
  error: unknown,
  otherwise?: string,
): Pick<Probe, "detail" | "fix"> {
  const { message } = error as Error;
  const [detail = message, command] = message.split(/\. Run: /);
  return { detail, fix: command ?? otherwise };
}

function closing<Client extends { end(): Promise<void> }>(client: Client) {
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
