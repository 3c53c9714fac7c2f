/** The list of backends in Postgres, which tells all instances of each edit. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";

const CHANNEL = "backend_list";

export interface StoredList {
  readonly version: number;
  readonly entries: readonly BackendEntry[];
}

export interface BackendTable {
  read(): Promise<StoredList>;
  replace(list: StoredList): Promise<number | undefined>;
  /** Calls back after each edit, and whenever one may have been missed because nobody listened. */
  onEdit(listener: () => void): Promise<void>;
}

export async function openBackendTable(
  { sql }: Pick<Context, "sql">,
): Promise<BackendTable> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext(${CHANNEL}))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS backend_list (
        version integer NOT NULL, entries jsonb NOT NULL)`;
    await transaction`
      INSERT INTO backend_list SELECT 0, '[]'
      WHERE NOT EXISTS (SELECT FROM backend_list)`;
  });
  return {
    async read() {
      const [row] = await sql<StoredList[]>`
        SELECT version, entries FROM backend_list`;
      return row!;
    },
    /** Postgres passes the news on when the edit is committed, and never without it. */
    async replace({ version, entries }) {
      const whole = sql.json(entries.map((one) => ({ ...one })));
      const [row] = await sql<{ version: number }[]>`
        WITH edited AS (
          UPDATE backend_list SET entries = ${whole}, version = version + 1
          WHERE version = ${version} RETURNING version)
        SELECT version, pg_notify(${CHANNEL}, '') FROM edited`;
      return row?.version;
    },
    async onEdit(listener) {
      await sql.listen(CHANNEL, listener, listener);
    },
  };
}
