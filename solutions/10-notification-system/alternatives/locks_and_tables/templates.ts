/** Templates: every edit is a new version, and old ones stay. */
import type { ISql, Sql } from "postgres";
import type { Messages } from "./channels.ts";

export interface Template {
  readonly name: string;
  readonly locale: string;
  /** 1, 2, 3, … for this name and locale. */
  readonly version: number;
  readonly content: Messages;
}

const DEFAULT_LOCALE = "en";

/** Stores a new version and gives its number. Editors of one template stand in line. */
export function putTemplate(
  sql: Sql,
  { name, locale, content }: Omit<Template, "version">,
): Promise<number> {
  return sql.begin(async (transaction) => {
    const lock = `template ${name} ${locale}`;
    await transaction`SELECT pg_advisory_xact_lock(hashtext(${lock}))`;
    const [newest] = await transaction<{ version: number }[]>`
      SELECT version FROM templates WHERE name = ${name} AND locale = ${locale}
      ORDER BY version DESC LIMIT 1`;
    const version = (newest?.version ?? 0) + 1;
    await transaction`
      INSERT INTO templates (name, locale, version, content)
      VALUES (${name}, ${locale}, ${version}, ${sql.json({ ...content })})`;
    return version;
  });
}

/** The newest version for exactly this locale. */
export async function getTemplate(
  sql: Sql,
  name: string,
  locale: string,
): Promise<Template | undefined> {
  const [template] = await sql<Template[]>`
    SELECT name, locale, version, content FROM templates
    WHERE name = ${name} AND locale = ${locale}
    ORDER BY version DESC LIMIT 1`;
  return template;
}

/** The newest version for this locale, else for its language, else the default one. */
export async function findTemplate(
  sql: ISql,
  name: string,
  locale: string,
): Promise<Template | undefined> {
  const wanted = [locale, locale.split("-")[0]!, DEFAULT_LOCALE];
  const [template] = await sql<Template[]>`
    SELECT name, locale, version, content FROM templates
    WHERE name = ${name} AND locale = ANY(${wanted})
    ORDER BY array_position(${wanted}::text[], locale), version DESC LIMIT 1`;
  return template;
}
