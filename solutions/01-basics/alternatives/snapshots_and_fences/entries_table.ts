/** The entries of one database. Writers see a snapshot, and whoever finds it outdated when writing tries again. */
import type { Sql, TransactionSql } from "postgres";
import type { Entry, EntryStore, Put, PutResult } from "./entry.ts";
import { setUp } from "./set_up.ts";

/** Somebody was faster: could not serialize, deadlock, duplicate key. */
const FASTER = ["40001", "40P01", "23505"];

export interface EntriesTable extends EntryStore {
  /** Writes by the shard map of `epoch`; "fenced" if a newer one came by. */
  putBy(epoch: number, put: Put): Promise<PutResult | "fenced">;
  /** Turns writers by older maps away from now on. Waits for those who are at it. */
  fence(epoch: number): Promise<void>;
  /** A page of keys in their order, after `after`. */
  keysAfter(after: string, count: number): Promise<string[]>;
  /** Takes entries over with their versions. What is here already is newer and stays. */
  takeOver(entries: readonly Entry[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

export async function openEntriesTable(sql: Sql): Promise<EntriesTable> {
  await setUp(sql, async (transaction) => {
    await transaction`
      CREATE TABLE IF NOT EXISTS entries (
        key text COLLATE "C" PRIMARY KEY,
        value text NOT NULL,
        version integer NOT NULL DEFAULT 1
      )`;
    await transaction`
      CREATE TABLE IF NOT EXISTS fence (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        epoch integer NOT NULL DEFAULT 0
      )`;
    await transaction`INSERT INTO fence DEFAULT VALUES ON CONFLICT DO NOTHING`;
  });

  return {
    async find(keys) {
      const rows = await sql<Entry[]>`
        SELECT key, value, version FROM entries WHERE key = ANY(${[...keys]})`;
      return new Map(rows.map((entry) => [entry.key, { ...entry }]));
    },

    put: (put) => onSnapshot(sql, (transaction) => write(transaction, put)),

    putBy: (epoch, put) =>
      onSnapshot(sql, async (transaction) => {
        const [fence] = await transaction`SELECT epoch FROM fence FOR SHARE`;
        return fence!.epoch > epoch ? "fenced" : await write(transaction, put);
      }),

    async fence(epoch) {
      await sql.begin(async (transaction) => {
        // Writers who keep coming, each with a share of the row, would keep the UPDATE alone waiting.
        await transaction`LOCK TABLE fence IN EXCLUSIVE MODE`;
        await transaction`
          UPDATE fence SET epoch = ${epoch} WHERE epoch < ${epoch}`;
      });
    },

    async keysAfter(after, count) {
      const rows = await sql`
        SELECT key FROM entries WHERE key > ${after}
        ORDER BY key LIMIT ${count}`;
      return rows.map(({ key }) => key);
    },

    async takeOver(entries) {
      await sql`
        INSERT INTO entries (key, value, version)
        SELECT * FROM unnest(
          ${entries.map(({ key }) => key)}::text[],
          ${entries.map(({ value }) => value)}::text[],
          ${entries.map(({ version }) => version)}::integer[])
        ON CONFLICT (key) DO NOTHING`;
    },

    async remove(keys) {
      await sql`DELETE FROM entries WHERE key = ANY(${[...keys]})`;
    },
  };
}

async function onSnapshot<T>(
  sql: Sql,
  work: (transaction: TransactionSql) => Promise<T>,
): Promise<T> {
  while (true) {
    try {
      return await sql.begin("ISOLATION LEVEL REPEATABLE READ", work) as T;
    } catch (error) {
      if (!FASTER.includes((error as { code?: string }).code ?? "")) throw error;
    }
  }
}

/** Looks and writes: within a snapshot nobody comes in between unnoticed. */
async function write(
  transaction: TransactionSql,
  { key, value, ifVersion }: Put,
): Promise<PutResult> {
  const [row] = await transaction`
    SELECT version FROM entries WHERE key = ${key}`;
  if (ifVersion !== undefined && row?.version !== ifVersion) {
    return { status: "outdated" };
  }
  if (row === undefined) {
    await transaction`
      INSERT INTO entries (key, value) VALUES (${key}, ${value})`;
    return { status: "created", version: 1 };
  }
  const version = row.version + 1;
  await transaction`
    UPDATE entries SET value = ${value}, version = ${version}
    WHERE key = ${key}`;
  return { status: "replaced", version };
}
