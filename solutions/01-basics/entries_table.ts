/** 01.2 and 01.5: the entries of one database. Every write is one statement, so nobody can come in between. */
import type { Sql } from "postgres";
import type { Entry, EntryStore } from "./entry.ts";
import { setUp } from "./set_up.ts";

export interface EntriesTable extends EntryStore {
  /** A page of keys in their order, after `after`. */
  keysAfter(after: string, count: number): Promise<string[]>;
  /** Takes entries over with their versions. What is here already is newer and stays. */
  takeOver(entries: readonly Entry[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
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

    async put({ key, value, ifVersion }) {
      const [row] = ifVersion === undefined
        ? await sql`
          INSERT INTO entries (key, value) VALUES (${key}, ${value})
          ON CONFLICT (key) DO UPDATE
            SET value = excluded.value, version = entries.version + 1
          RETURNING version`
        : await sql`
          UPDATE entries SET value = ${value}, version = version + 1
          WHERE key = ${key} AND version = ${ifVersion}
          RETURNING version`;
      if (row === undefined) return { status: "outdated" };
      const { version } = row;
      return { status: version === 1 ? "created" : "replaced", version };
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
