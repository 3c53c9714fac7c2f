/** What a user wants, and when. */
import type { Sql } from "postgres";
import { CHANNELS } from "./channels.ts";
import type { Preferences } from "./parse.ts";

const DEFAULTS: Preferences = { channels: CHANNELS, tz: "UTC" };

export async function putPreferences(
  sql: Sql,
  user: string,
  preferences: Preferences,
): Promise<void> {
  await sql`
    INSERT INTO preferences (user_id, preferences)
    VALUES (${user}, ${sql.json({ ...preferences })})
    ON CONFLICT (user_id) DO UPDATE SET preferences = excluded.preferences`;
}

/** Of each of these users, asked in one query. */
export async function getPreferences(
  sql: Sql,
  users: readonly string[],
): Promise<(user: string) => Preferences> {
  const rows = await sql<{ user_id: string; preferences: Preferences }[]>`
    SELECT user_id, preferences FROM preferences
    WHERE user_id = ANY(${[...users]})`;
  const known = new Map(
    rows.map(({ user_id, preferences }) => [user_id, preferences]),
  );
  return (user) => known.get(user) ?? DEFAULTS;
}
