/** Where entries really are, whatever the learner's tables are called. */
import type { Lab } from "@lab";

/** For each key the databases that have a row with it: "s0", "s1", …, or "main" for `context.sql`. */
export async function databasesHolding(
  lab: Lab,
  keys: Iterable<string>,
): Promise<Map<string, string[]>> {
  const found = new Map([...keys].map((key) => [key, [] as string[]]));
  const databases = [["main", lab.sql], ...Object.entries(lab.shards)] as const;
  for (const [id, sql] of databases) {
    const rows = await storedRows(sql);
    for (const [key, holders] of found) {
      if (rows.includes(`"${key}"`)) holders.push(id);
    }
  }
  return found;
}

/** Every row of every table of the learner's, as JSON text. */
async function storedRows(sql: Lab["sql"]): Promise<string> {
  const tables = await sql`
    SELECT format('%I.%I', schemaname, tablename) AS name
    FROM pg_tables WHERE schemaname = 'app'`;
  let text = "";
  for (const { name } of tables) {
    const rows = await sql.unsafe(
      `SELECT to_jsonb(t)::text AS row FROM ${name} t`,
    );
    text += rows.map(({ row }) => row).join("\n");
  }
  return text;
}
