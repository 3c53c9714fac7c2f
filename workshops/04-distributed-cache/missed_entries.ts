/** What this instance has written to Postgres and could not tell the cache. */
import type { Context } from "@contract/system.ts";
import type { Entry, ItemCache } from "./item_cache.ts";

export interface MissedEntries {
  has(id: string): boolean;
  /** Tells the cache, now or later. */
  offer(entry: Entry): Promise<void>;
}

/** For now it tells the cache, and fails when that fails. */
export function missedEntries(
  _context: Context,
  cache: ItemCache,
): MissedEntries {
  // TODO 04.7
  return {
    has: () => false,
    offer: (entry) => cache.offer([entry]),
  };
}
