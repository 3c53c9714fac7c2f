/** Items in Postgres: the truth, and what has to be spared. */
import type { Context } from "@contract/system.ts";
import type { Bulkhead } from "./bulkhead.ts";
import type { Item } from "./item.ts";
import { notImplemented } from "./problem.ts";

export interface ItemTable {
  /** Those that exist, in any order; one query. */
  find(ids: readonly string[]): Promise<Item[]>;
  /** Stores the value under the next version. */
  put(id: string, value: string): Promise<Item>;
  /** Stores items that have a version already; an older one changes nothing. */
  save(items: readonly Item[]): Promise<void>;
}

/** Makes the table, too; two instances may do so at the same moment, and IF NOT EXISTS alone does not bear that. */
export function openItemTable(
  _context: Context,
  _bulkhead: Bulkhead,
): Promise<ItemTable> {
  // TODO 04.4
  const toBuild = () =>
    Promise.reject(notImplemented("04.4", "keep items in Postgres"));
  return Promise.resolve({ find: toBuild, put: toBuild, save: toBuild });
}
