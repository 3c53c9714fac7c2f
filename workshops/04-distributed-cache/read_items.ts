/** Reading: the cache first, then Postgres for what is missing, and what came from there into the cache. */
import type { Context } from "@contract/system.ts";
import type { ItemCache } from "./item_cache.ts";
import type { Item } from "./item.ts";
import type { ItemTable } from "./item_table.ts";
import type { MissedEntries } from "./missed_entries.ts";
import { notImplemented } from "./problem.ts";

export interface ItemServices {
  readonly table: ItemTable;
  readonly cache: ItemCache;
  readonly missed: MissedEntries;
}

export interface ItemReader {
  one(id: string): Promise<Item | undefined>;
  /** Those that exist; at most one query, however many are missing from the cache. */
  many(ids: readonly string[]): Promise<Map<string, Item>>;
}

export function itemReader(
  _context: Context,
  _services: ItemServices,
): ItemReader {
  return {
    // TODO 04.4
    one: () => Promise.reject(notImplemented("04.4", "read an item")),
    // TODO 04.8
    many: () => Promise.reject(notImplemented("04.8", "read a batch")),
  };
}
