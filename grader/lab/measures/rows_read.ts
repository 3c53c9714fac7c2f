/** How many rows Postgres looks at: a figure that does not depend on the machine. */
import { expect } from "../expect/expect.ts";
import type { Lab } from "../types.ts";
import { learnersTables } from "./stored_rows.ts";

/**
 * Rows that were read from the learner's tables while `operation` ran. Sessions hand in their counts when they end at
 * the latest, so those that are open are ended before and after: `operation` finds its connections broken.
 */
export async function rowsRead(
  lab: Lab,
  operation: () => Promise<void>,
): Promise<number> {
  const before = await countedSoFar(lab);
  await operation();
  return await countedSoFar(lab) - before;
}

/** New sessions may come at once, of a timer or of a LISTEN: only those from before have to be gone. */
async function countedSoFar(lab: Lab): Promise<number> {
  const sessions = await lab.sql<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'instance %'`;
  const pids = sessions.map(({ pid }) => pid).join(",");
  await lab.dropConnections("postgres");
  return await lab.eventually(async () => {
    const [row] = await lab.sql<{ open: number; rows: number }[]>`
      SELECT
        (SELECT count(*)::int FROM pg_stat_activity
          WHERE pid::text = ANY(string_to_array(${pids}, ','))) AS open,
        (SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::float
          FROM pg_stat_user_tables WHERE schemaname = 'app') AS rows`;
    expect(row!.open, "All sessions that were open have ended").toBe(0);
    return row!.rows;
  });
}

/** As autovacuum does sooner or later: what was deleted is out of the way then, what was kept is not. */
export async function vacuum({ sql }: Lab): Promise<void> {
  for (const table of await learnersTables(sql)) {
    await sql.unsafe(`VACUUM ANALYZE ${table}`);
  }
}
