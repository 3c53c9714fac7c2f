/** What a user wants. */
import type { Sql } from "postgres";
import type { Preferences } from "./parse.ts";
import { notImplemented } from "./problem.ts";

export function putPreferences(
  _sql: Sql,
  _user: string,
  _preferences: Preferences,
): Promise<void> {
  // TODO 10.5: the table is in schema.ts already.
  throw notImplemented(
    "10.5 Preferences and caps",
    "store what users want in preferences.ts",
  );
}
