/** Every list that there ever was: an edit adds one, and a number can be taken once. */
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
    await transaction`SELECT pg_advisory_xact_lock(hashtext('lists'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS lists (
        version integer PRIMARY KEY, entries jsonb NOT NULL)`;
    await transaction`
      INSERT INTO lists VALUES (0, '[]') ON CONFLICT DO NOTHING`;
  });
  return {
    async read() {
      const [row] = await sql<StoredList[]>`
        SELECT version, entries FROM lists ORDER BY version DESC LIMIT 1`;
      return row!;
    },
    async replace({ version, entries }) {
      const whole = sql.json(entries.map((one) => ({ ...one })));
      const [row] = await sql<{ version: number }[]>`
        INSERT INTO lists (version, entries)
        SELECT version + 1, ${whole} FROM lists WHERE version = ${version}
        ON CONFLICT DO NOTHING RETURNING version`;
      return row?.version;
    },
  };
}
