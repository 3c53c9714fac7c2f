/** What is in Postgres, whatever the learner's tables are called. */
import type { Sql } from "postgres";
import type { Lab } from "../types.ts";

/** Every row of every table of the learner's, as JSON text. */
export async function storedRows(sql: Sql): Promise<string> {
  let text = "";
  for (const table of await learnersTables(sql)) {
    const rows = await sql.unsafe(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t`,
    );
    text += rows.map(({ row }) => `${row}\n`).join("");
  }
  return text;
}

/** For each word the databases with a row that has it as a value: "main" for `context.sql`, and the ids of shards. */
export async function databasesHolding(
  { sql, shards }: Lab,
  words: Iterable<string>,
): Promise<Map<string, string[]>> {
  const found = new Map([...words].map((word) => [word, [] as string[]]));
  for (
    const [id, database] of [["main", sql], ...Object.entries(shards)] as const
  ) {
    const rows = await storedRows(database);
    for (const [word, holders] of found) {
      if (rows.includes(`"${word}"`)) holders.push(id);
    }
  }
  return found;
}

/** Their names, quoted. */
export async function learnersTables(sql: Sql): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name
    FROM pg_tables WHERE schemaname = 'app' ORDER BY name`;
  return tables.map(({ name }) => name);
}
