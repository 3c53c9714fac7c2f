import { findFullDisk, type FullDisk } from "./disk_full.ts";
import { openPostgres } from "./open_postgres.ts";
import { type RedisServer, startRedisServer } from "./redis_server.ts";
import { createRunDatabase, type RunDatabase } from "./run_database.ts";
import type { StoresAddress } from "./types.ts";

/** What a check's process does with running stores. Disposing closes its connection, not its databases. */
export interface StoresClient extends AsyncDisposable {
  createDatabase(): Promise<RunDatabase>;
  /** Starts a Redis with its files in `dir`/redis. */
  startRedis(dir: string): Promise<RedisServer>;
  /** Tells whether stores and systems fail because there is no space for what they write. */
  findFullDisk(): Promise<FullDisk | undefined>;
}

/** Connects to the stores that another process started; does so ahead, without waiting. */
export function connectStores(address: StoresAddress): StoresClient {
  const { postgres, redis, runDir } = address;
  const maintenance = openPostgres({
    ...postgres,
    user: postgres.superuser,
    database: "postgres",
  });
  // The first real query reports what is wrong; this one only takes the connecting off its time.
  maintenance.sql`SELECT 1`.catch(() => {});
  return {
    createDatabase: () => createRunDatabase(maintenance.sql, postgres),
    startRedis: (dir) => startRedisServer(redis, { dir, runDir }),
    findFullDisk: () => findFullDisk([postgres.socketDir, runDir]),
    [Symbol.asyncDispose]: () => maintenance[Symbol.asyncDispose](),
  };
}
