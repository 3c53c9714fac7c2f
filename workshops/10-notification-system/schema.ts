/** The tables. */
import type { Sql } from "postgres";

/** Two instances start together: the lock makes the second wait instead of failing half-way. */
export async function createTables(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('tables'))`;
    await transaction.unsafe(TABLES);
  });
}

// TODO 10.1: templates, and what was accepted. Write now(), which is the run's time; CURRENT_TIMESTAMP is not.
const TABLES = `
  CREATE TABLE IF NOT EXISTS preferences (
    user_id text PRIMARY KEY, preferences jsonb NOT NULL
  )`;
