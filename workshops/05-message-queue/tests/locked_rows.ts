/** Locks rows as a slow transaction of somebody else's would, whatever the learner's tables are called. */
import type { Lab } from "@lab";

/** Runs `operation` while every row that mentions `text` is locked. */
export async function whileLocked<T>(
  lab: Lab,
  text: string,
  operation: () => Promise<T>,
): Promise<T> {
  return await lab.sql.begin(async (transaction) => {
    const tables = await transaction`
      SELECT format('%I.%I', schemaname, tablename) AS name
      FROM pg_tables WHERE schemaname = 'app'`;
    let locked = 0;
    for (const { name } of tables) {
      const rows = await transaction.unsafe(
        `SELECT 1 FROM ${name} t WHERE strpos(to_jsonb(t)::text, $1) > 0 FOR UPDATE`,
        [text],
      );
      locked += rows.length;
    }
    if (locked === 0) lab.inconclusive("No row mentions the message");
    lab.note(`locked the ${locked} rows of ${text}`);
    return await operation();
  }) as T;
}
