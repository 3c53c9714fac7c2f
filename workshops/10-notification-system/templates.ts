/** Templates: every edit is a new version, and old ones stay. */
import type { Sql } from "postgres";
import type { Messages } from "./channels.ts";
import { notImplemented } from "./problem.ts";

export interface Template {
  readonly name: string;
  readonly locale: string;
  /** 1, 2, 3, … for this name and locale. */
  readonly version: number;
  readonly content: Messages;
}

/** Stores a new version and gives its number. */
export function putTemplate(
  _sql: Sql,
  _template: Omit<Template, "version">,
): Promise<number> {
  // TODO 10.1: a table in schema.ts, and a version for each edit, also when two come at once.
  throw notImplemented("10.1 Templates", "store templates in templates.ts");
}

/** The newest version for exactly this locale. */
export function getTemplate(
  _sql: Sql,
  _name: string,
  _locale: string,
): Promise<Template | undefined> {
  throw notImplemented("10.1 Templates", "read templates in templates.ts");
}

/** The newest version for this locale, else for its language, else for en. */
export function findTemplate(
  _sql: Sql,
  _name: string,
  _locale: string,
): Promise<Template | undefined> {
  throw notImplemented("10.1 Templates", "find the locale in templates.ts");
}
