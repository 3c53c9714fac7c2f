import { runMigrations } from "graphile-worker";
import type { Sql } from "postgres";
import { type DatabaseAddress, formatDatabaseUrl } from "./connect.ts";
import { quietQueueLogger } from "./queue_logger.ts";

const MIGRATIONS = new URL("./migrations/", import.meta.url);

/** Any number will do, as long as every server of this kit takes the same. */
const MIGRATION_LOCK = 7_390_127;

/**
 * Brings the database to this version: the job queue's own tables first, then ours in the order of their names,
 * each in a transaction of its own. Two servers that start at once take turns. Gives the names of what was new.
 */
export async function migrate(
  sql: Sql,
  address: DatabaseAddress,
): Promise<string[]> {
  const connection = await sql.reserve();
  try {
    await connection`SELECT pg_advisory_lock(${MIGRATION_LOCK})`;
    await runMigrations({
      connectionString: formatDatabaseUrl(address),
      logger: quietQueueLogger,
    });
    await connection.unsafe(
      `CREATE SCHEMA IF NOT EXISTS trestle;
       CREATE TABLE IF NOT EXISTS trestle.migration (
         name text PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const applied = await connection<{ name: string }[]>`
      SELECT name FROM trestle.migration`;
    const known = new Set(applied.map(({ name }) => name));
    const fresh = (await migrationNames()).filter((name) => !known.has(name));
    for (const name of fresh) {
      const text = await Deno.readTextFile(new URL(name, MIGRATIONS));
      await connection.unsafe(
        `BEGIN; ${text}; INSERT INTO trestle.migration (name) VALUES ('${name}'); COMMIT`,
      );
    }
    return fresh;
  } finally {
    // A failed migration leaves its transaction open, and the lock held: both end with the connection's state.
    await connection.unsafe("ROLLBACK; SELECT pg_advisory_unlock_all()");
    connection.release();
  }
}

async function migrationNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(MIGRATIONS)) {
    if (/^\d{3}_[a-z_]+\.sql$/.test(name)) names.push(name);
  }
  return names.sort();
}
