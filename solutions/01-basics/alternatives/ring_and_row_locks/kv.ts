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

  return {
    sharding,
    async get(key) {
      const glance = await cache.look(key);
      if (glance.status === "hit") return glance.entry;
      const entry = (await store.find([key])).get(key);
      // Waiting for it keeps readers in order: once this answer is out, nobody finds an older entry in the cache.
      if (entry && glance.status === "miss") await cache.fill(entry);
      return entry;
    },
    getMany: (keys) => store.find(keys),
    async put(put) {
      await cache.bury(put.key);
      try {
        return await store.put(put);
      } finally {
        // Redis may have been emptied meanwhile, and somebody may have filled what was there before.
        await cache.bury(put.key);
      }
    },
  };
}
