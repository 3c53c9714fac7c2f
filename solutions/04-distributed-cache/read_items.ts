/** Reading: the cache first, then Postgres for what is missing, and what came from there into the cache. */
import type { Context } from "@contract/system.ts";
import type { Entry, ItemCache } from "./item_cache.ts";
import type { Item } from "./item.ts";
import type { ItemTable } from "./item_table.ts";
import type { MissedEntries } from "./missed_entries.ts";
import { SingleFlight } from "./single_flight.ts";

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
  { log }: Context,
  { table, cache, missed }: ItemServices,
): ItemReader {
  const flights = new SingleFlight<Item | undefined>();

  async function known(ids: readonly string[]): Promise<Map<string, Entry>> {
    try {
      const entries = await cache.find(ids);
      // The cache does not know yet what this instance has written while Redis was away.
      for (const id of ids) if (missed.has(id)) entries.delete(id);
      return entries;
    } catch (error) {
      log("cache not asked", { error: String(error) });
      return new Map();
    }
  }

  async function load(ids: readonly string[]): Promise<Item[]> {
    const items = await table.find(ids);
    await cache.offer(items).catch((error) =>
      log("cache not filled", { error: String(error) })
    );
    return items;
  }

  return {
    async one(id) {
      const entry = (await known([id])).get(id);
      if (isItem(entry)) return entry;
      for (;;) {
        const item = await flights.run(id, async () => (await load([id]))[0]);
        // A flight that had started before a write may bring home what was there before.
        if ((item?.version ?? Infinity) >= (entry?.version ?? 0)) return item;
      }
    },
    async many(ids) {
      const entries = await known([...new Set(ids)]);
      const items = new Map<string, Item>();
      for (const entry of entries.values()) {
        if (isItem(entry)) items.set(entry.id, entry);
      }
      const missing = [...new Set(ids)].filter((id) => !items.has(id));
      const loaded = missing.length > 0 ? await load(missing) : [];
      for (const item of loaded) items.set(item.id, item);
      return items;
    },
  };
}

function isItem(entry: Entry | undefined): entry is Item {
  return entry?.value !== undefined;
}
