/** Locks rows as a slow transaction of somebody else's would, whatever the learner's tables are called. */
import type { Lab } from "@lab";

/** Runs `operation` while every row that mentions one of `texts` is locked. A text has to be telling: not "1". */
export async function whileLocked<T>(
  lab: Lab,
  texts: readonly string[],
  operation: () => Promise<T>,
): Promise<T> {
  return await lab.sql.begin(async (transaction) => {
    const tables = await transaction`
      SELECT format('%I.%I', schemaname, tablename) AS name
      FROM pg_tables WHERE schemaname = 'app'`;
    let locked = 0;
    for (const { name } of tables) {
      const rows = await transaction.unsafe(
        `SELECT 1 FROM ${name} t WHERE EXISTS (
          SELECT 1 FROM unnest(string_to_array($1, ' ')) text WHERE strpos(to_jsonb(t)::text, text) > 0
        ) FOR UPDATE`,
        [texts.join(" ")],
      );
      locked += rows.length;
    }
    if (locked === 0) lab.inconclusive("No row mentions the message");
    lab.note(`locked the ${locked} rows of ${texts[0]}`);
    return await operation();
  }) as T;
}
