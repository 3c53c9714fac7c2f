/** The list of backends in Postgres: one row with a version, so that all instances go by the same one. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";

export interface StoredList {
  readonly version: number;
  readonly entries: readonly BackendEntry[];
}

export interface BackendTable {
  read(): Promise<StoredList>;
  /** The new version; undefined if `version` is not the current one any more, and nothing has changed. */
  replace(list: StoredList): Promise<number | undefined>;
}

export async function openBackendTable(
  { sql }: Pick<Context, "sql">,
): Promise<BackendTable> {
  await createTable(sql);
  return {
    async read() {
      const [row] = await sql<StoredList[]>`
        SELECT version, entries FROM backend_list`;
      return row!;
    },
    /** Compared and written in one statement: of two edits of one version the second finds no row. */
    async replace({ version, entries }) {
      const [row] = await sql<{ version: number }[]>`
        UPDATE backend_list
        SET entries = ${sql.json(entries.map((entry) => ({ ...entry })))},
            version = version + 1
        WHERE version = ${version} RETURNING version`;
      return row?.version;
    },
  };
}

/** Two instances start together: the lock makes the second wait instead of failing half-way. */
async function createTable(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('backend_list'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS backend_list (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        version integer NOT NULL DEFAULT 0,
        entries jsonb NOT NULL DEFAULT '[]'
      )`;
    await transaction`
      INSERT INTO backend_list DEFAULT VALUES ON CONFLICT DO NOTHING`;
  });
}
