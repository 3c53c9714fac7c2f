/** Items in Redis. */
import type { Context } from "@contract/system.ts";
import type { Item } from "./item.ts";

/** What the cache can know of an item; what else than a value could be worth keeping? (04.5) */
export type Entry = Omit<Item, "value"> & { readonly value?: string };

export interface ItemCache {
  /** By id, as far as known. Rejects when Redis is away. */
  find(ids: readonly string[]): Promise<Map<string, Entry>>;
  /** Stores each entry, unless a newer one is there. Rejects when Redis is away. */
  offer(entries: readonly Entry[]): Promise<void>;
}

/** A cache that never knows anything: right, but slow. */
export function itemCache(_context: Context): ItemCache {
  // TODO 04.4
  return {
    find: () => Promise.resolve(new Map()),
    offer: () => Promise.resolve(),
  };
}
