/** The key-value service: entries in one database or several, hot ones in the cache. */
import type { Context } from "@contract/system.ts";
import { openCache } from "./cache.ts";
import { type EntriesTable, openEntriesTable } from "./entries_table.ts";
import type { Entry, EntryStore, Put, PutResult } from "./entry.ts";
import { openSharding, type Sharding } from "./sharding.ts";

export interface Kv {
  get(key: string): Promise<Entry | undefined>;
  /** Past the cache: a job that reads everything must not push out what is hot. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  put(put: Put): Promise<PutResult>;
  /** Undefined while one database holds everything. */
  readonly sharding: Sharding | undefined;
}

export async function openKv(context: Context): Promise<Kv> {
  const cache = openCache(context);
  const sharding = Number(context.config.shardsInUse) > 0
    ? await openSharding(context)
    : undefined;
  const store: EntryStore | EntriesTable = sharding?.store ??
    await openEntriesTable(context.sql);

  const find = async (key: string) => (await store.find([key])).get(key);

  return {
    sharding,
    async get(key) {
      const glance = await cache.look(key);
      if (glance.status === "hit") return glance.entry;
      return glance.status === "miss" ? await fill(key) : await find(key);
    },
    getMany: (keys) => store.find(keys),
    async put(put) {
      const result = await store.put(put);
      if (result.status === "outdated") {
        // Whoever hears of a newer version must not read an older one: its writer may not have kept it yet.
        await fill(put.key);
      } else {
        const { key, value } = put;
        await cache.keep({ key, value, version: result.version });
      }
      return result;
    },
  };

  /** Waits for the cache: once this entry has been seen, nobody finds an older one in there. */
  async function fill(key: string): Promise<Entry | undefined> {
    const entry = await find(key);
    if (entry) await cache.keep(entry);
    return entry;
  }
}
