/** Where links really are, whatever the learner's tables are called. */
import type { Lab } from "@lab";

/** For each code the databases that have a row with it: "s0" to "s3", or "main" for `context.sql`. */
export async function shardsHolding(
  lab: Lab,
  codes: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map(codes.map((code) => [code, [] as string[]]));
  for (
    const [id, sql] of [
      ["main", lab.sql],
      ...Object.entries(lab.shards),
    ] as const
  ) {
    const rows = await storedRows(sql);
    for (const code of codes) {
      if (rows.includes(`"${code}"`)) found.get(code)!.push(id);
    }
  }
  return found;
}

/** Every row of every table of the learner's, as JSON text. */
export async function storedRows(sql: Lab["sql"]): Promise<string> {
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
