/** The list of backends in Postgres, which says when there is a newer one: only then is it asked. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";

const CHANNEL = "backend_list";
/** Whoever has lost the connection on which news comes may not know it: time for one look within 2 s. */
const BELIEVED_MS_MAX = 1_500;
const EMPTY: StoredList = { version: 0, entries: [] };

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
    await transaction`SELECT pg_advisory_xact_lock(hashtext(${CHANNEL}))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS backend_list (
        version integer NOT NULL, entries jsonb NOT NULL)`;
    await transaction`
      INSERT INTO backend_list SELECT 0, '[]'
      WHERE NOT EXISTS (SELECT FROM backend_list)`;
  });
  let edits = 0;
  let known = { list: EMPTY, edits: -1, atMs: 0 };
  const heard = () => void edits++;
  // Also when it listens anew: what was said meanwhile was said to nobody.
  await sql.listen(CHANNEL, heard, heard);
  return {
    async read() {
      const ageMs = performance.now() - known.atMs;
      if (known.edits === edits && ageMs < BELIEVED_MS_MAX) return known.list;
      const edit = edits; // Now: what is said while the answer is on its way makes it old.
      const [list] = await sql<StoredList[]>`
        SELECT version, entries FROM backend_list`;
      known = { list: list!, edits: edit, atMs: performance.now() };
      return known.list;
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
  };
}
