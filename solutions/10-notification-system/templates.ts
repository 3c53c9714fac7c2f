/** Templates: every edit is a new version, and old ones stay. */
import type { Sql } from "postgres";
import type { Messages } from "./channels.ts";

export interface Template {
  readonly name: string;
  readonly locale: string;
  /** 1, 2, 3, … for this name and locale. */
  readonly version: number;
  readonly content: Messages;
}

const DEFAULT_LOCALE = "en";

/** Stores a new version and gives its number. */
export async function putTemplate(
  sql: Sql,
  { name, locale, content }: Omit<Template, "version">,
): Promise<number> {
  while (true) {
    // Two editors may take the same number; the key lets one of them in, and the other takes the next.
    const [row] = await sql<{ version: number }[]>`
      INSERT INTO templates (name, locale, version, content)
      SELECT ${name}, ${locale}, coalesce(max(version), 0) + 1,
        ${sql.json({ ...content })}
      FROM templates WHERE name = ${name} AND locale = ${locale}
      ON CONFLICT DO NOTHING RETURNING version`;
    if (row) return row.version;
  }
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
  sql: Sql,
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
