/** Holds every query that touches a table of the learner's, reads too, so that one can count who waits. */
import { expect, type Lab } from "@lab";

/** Polls without a newcomer until the number of waiting queries counts as settled. */
const SETTLED_POLLS = 15;

export interface TableLock {
  /** The most queries that wait at once, once no more have come for a while. */
  waitingMax(): Promise<number>;
}

/** Locks all tables while `operation` runs. */
export async function withTablesLocked<T>(
  lab: Lab,
  operation: (lock: TableLock) => Promise<T>,
): Promise<T> {
  const tables = await lab.sql`
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS names
    FROM pg_tables WHERE schemaname = 'app'`;
  const names = tables[0]?.names;
  expect(names, "Items are in a table of Postgres").not.toBeNull();
  return await lab.sql.begin(async (transaction) => {
    await transaction.unsafe(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
    return await operation({
      waitingMax: () => settledWaiting(lab, transaction),
    });
  }) as T;
}

async function settledWaiting(
  lab: Lab,
  sql: Pick<Lab["sql"], "unsafe">,
): Promise<number> {
  let max = 0;
  let pollsSince = 0;
  await lab.eventually(async () => {
    // Other runs have their own databases on the same server.
    const [row] = await sql.unsafe(`
      SELECT count(*) AS waiting FROM pg_locks
      WHERE NOT granted AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())`);
    const waiting = Number(row!.waiting);
    pollsSince = waiting > max ? 0 : pollsSince + 1;
    max = Math.max(max, waiting);
    expect(max, "Somebody asks Postgres").toBeGreaterThan(0);
    if (pollsSince < SETTLED_POLLS) throw new Error("Not settled yet");
  });
  return max;
}
