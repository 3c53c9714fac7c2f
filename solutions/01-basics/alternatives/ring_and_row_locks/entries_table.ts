/** The entries of one database. Every write locks its row, so nobody can come in between. */
import type { Sql } from "postgres";
import type { Entry, EntryStore, PutResult } from "./entry.ts";
import { setUp } from "./set_up.ts";

export interface EntriesTable extends EntryStore {
  /** A page of keys in their order, after `after`. */
  keysAfter(after: string, count: number): Promise<string[]>;
  /** Takes entries over with their versions. What is here already is newer and stays. */
  takeOver(entries: readonly Entry[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Locks the entry while `work` gives it away, then removes it. Does nothing if it is not here. */
  giveAway(key: string, work: (entry: Entry) => Promise<void>): Promise<void>;
}

export async function openEntriesTable(sql: Sql): Promise<EntriesTable> {
  await setUp(sql, (transaction) =>
    transaction`
      CREATE TABLE IF NOT EXISTS entries (
        key text COLLATE "C" PRIMARY KEY,
        value text NOT NULL,
        version integer NOT NULL DEFAULT 1
      )`);

  return {
    async find(keys) {
      const rows = await sql<Entry[]>`
        SELECT key, value, version FROM entries WHERE key = ANY(${[...keys]})`;
      return new Map(rows.map((entry) => [entry.key, { ...entry }]));
    },

    put({ key, value, ifVersion }) {
      return sql.begin(async (transaction): Promise<PutResult> => {
        // An empty row first, so that there is one to lock, also for a new key.
        if (ifVersion === undefined) {
          await transaction`
            INSERT INTO entries (key, value, version) VALUES (${key}, '', 0)
            ON CONFLICT DO NOTHING`;
        }
        const [row] = await transaction`
          SELECT version FROM entries WHERE key = ${key} FOR UPDATE`;
        if (row === undefined) return { status: "outdated" };
        if (ifVersion !== undefined && row.version !== ifVersion) {
          return { status: "outdated" };
        }
        const version = row.version + 1;
        await transaction`
          UPDATE entries SET value = ${value}, version = ${version}
          WHERE key = ${key}`;
        return { status: version === 1 ? "created" : "replaced", version };
      }) as Promise<PutResult>;
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

    async giveAway(key, work) {
      await sql.begin(async (transaction) => {
        const [entry] = await transaction<Entry[]>`
          SELECT key, value, version FROM entries WHERE key = ${key} FOR UPDATE`;
        if (entry === undefined) return;
        await work(entry);
        await transaction`DELETE FROM entries WHERE key = ${key}`;
      });
    },

    async remove(keys) {
      await sql`DELETE FROM entries WHERE key = ANY(${[...keys]})`;
    },
  };
}
