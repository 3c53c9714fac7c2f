import type { Sql } from "postgres";
import { freeBytes } from "./free_bytes.ts";
import { openPostgres } from "./open_postgres.ts";
import type { StoresAddress } from "./types.ts";

const MEGABYTE = 1024 * 1024;
/** A learner's INSERT can write some 300 MB in a second; a look takes microseconds. */
const LOOK_EVERY_MS = 250;
/** Below this the largest database goes. */
const FREE_BYTES_MIN = 256 * MEGABYTE;
/** An ordinary run stays below; such a database is never to blame. */
const INNOCENT_BYTES_MAX = 64 * MEGABYTE;

export interface SpaceWatchOptions {
  /** Folder on the file system to watch: the cluster's. */
  readonly folder: string;
  readonly postgres: StoresAddress["postgres"];
  /** Told when a database had to go. */
  readonly onProgress: (message: string) => void;
  /** Space left, bytes; for tests. */
  readonly measure?: typeof freeBytes;
}

/**
 * Keeps one run from taking all runs' memory: when space runs low, the largest run database is dropped. Its run
 * fails by its own doing; without this, every other run would fail with it.
 */
export function watchSpace(options: SpaceWatchOptions): AsyncDisposable {
  const { folder, measure = freeBytes } = options;
  let current: Promise<void> | undefined;
  const look = async () => {
    const free = await measure(folder);
    if (free !== undefined && free < FREE_BYTES_MIN) await dropLargest(options);
  };
  const timer = setInterval(() => {
    // A look that fails (Postgres is about to end) is repeated by the next one.
    current ??= look().catch(() => {}).finally(() => current = undefined);
  }, LOOK_EVERY_MS);
  Deno.unrefTimer(timer);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await current;
    },
  };
}

async function dropLargest(
  { postgres, onProgress }: SpaceWatchOptions,
): Promise<void> {
  const { superuser: user } = postgres;
  await using admin = openPostgres({ ...postgres, user, database: "postgres" });
  const largest = await findLargest(admin.sql);
  if (largest === undefined) return;
  await admin.sql.unsafe(
    `DROP DATABASE IF EXISTS ${largest.name} WITH (FORCE)`,
  );
  const megabytes = Math.round(largest.bytes / MEGABYTE);
  onProgress(`Memory ran low: dropped ${largest.name} with ${megabytes} MB`);
}

async function findLargest(
  sql: Sql,
): Promise<{ readonly name: string; readonly bytes: number } | undefined> {
  const [largest] = await sql<{ name: string; bytes: number }[]>`
    SELECT datname AS name, pg_database_size(oid)::float8 AS bytes
    FROM pg_database WHERE datname LIKE 'run\\_%'
    ORDER BY bytes DESC LIMIT 1`;
  return largest !== undefined && largest.bytes > INNOCENT_BYTES_MAX
    ? largest
    : undefined;
}
