/** One row that is locked before it is read: the second editor waits, and then sees that it is too late. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";

export interface StoredList {
  readonly version: number;
  readonly entries: readonly BackendEntry[];
}

export interface BackendTable {
  read(): Promise<StoredList>;
  replace(list: StoredList): Promise<number | undefined>;
}

export async function openBackendTable(
  { sql }: Pick<Context, "sql">,
): Promise<BackendTable> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(6)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS config (
        name text PRIMARY KEY, version integer NOT NULL, value jsonb NOT NULL)`;
    await transaction`
      INSERT INTO config VALUES ('backends', 0, '[]') ON CONFLICT DO NOTHING`;
  });
  return {
    async read() {
      const [row] = await sql<StoredList[]>`
        SELECT version, value AS entries FROM config WHERE name = 'backends'`;
      return row!;
    },
    replace({ version, entries }) {
      return sql.begin(async (transaction) => {
        const [current] = await transaction`
          SELECT version FROM config WHERE name = 'backends' FOR UPDATE`;
        if (current!.version !== version) return undefined;
        const value = transaction.json(entries.map((one) => ({ ...one })));
        await transaction`
          UPDATE config SET version = ${version + 1}, value = ${value}
          WHERE name = 'backends'`;
        return version + 1;
      });
    },
  };
}
