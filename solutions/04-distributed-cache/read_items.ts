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

  /** Undefined when Redis is away. */
  async function known(
    ids: readonly string[],
  ): Promise<Map<string, Entry> | undefined> {
    try {
      const entries = await cache.find(ids);
      // The cache does not know yet what this instance has written while Redis was away.
      for (const id of ids) if (missed.has(id)) entries.delete(id);
      return entries;
    } catch (error) {
      log("cache not asked", { error: String(error) });
      return undefined;
    }
  }

  async function load(
    ids: readonly string[],
    entries: Map<string, Entry> | undefined,
  ): Promise<Item[]> {
    const items = await table.find(ids);
    // Who did not hear from Redis just now has waited for it long enough.
    await cache.offer(entries ? items : []).catch((error) =>
      log("cache not filled", { error: String(error) })
    );
    return items;
  }

  return {
    async one(id) {
      const entries = await known([id]);
      const entry = entries?.get(id);
      if (isItem(entry)) return entry;
      const fly = () =>
        flights.run(id, async () => (await load([id], entries))[0]);
      const item = await fly();
      // A flight that had started before a write may bring home what was there before, or nothing; the next one cannot.
      return (item?.version ?? 0) >= (entry?.version ?? 0) ? item : await fly();
    },
    async many(ids) {
      const entries = await known([...new Set(ids)]);
      const items = new Map<string, Item>();
      for (const entry of entries?.values() ?? []) {
        if (isItem(entry)) items.set(entry.id, entry);
      }
      const missing = [...new Set(ids)].filter((id) => !items.has(id));
      const loaded = missing.length > 0 ? await load(missing, entries) : [];
      for (const item of loaded) items.set(item.id, item);
      return items;
    },
  };
}

function isItem(entry: Entry | undefined): entry is Item {
  return entry?.value !== undefined;
}
