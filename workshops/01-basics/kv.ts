/** The key-value service: entries in one database or several. */
import type { Context } from "@contract/system.ts";
import { type EntriesTable, openEntriesTable } from "./entries_table.ts";
import type { Entry, EntryStore, Put, PutResult } from "./entry.ts";
import { openSharding, type Sharding } from "./sharding.ts";

export interface Kv {
  get(key: string): Promise<Entry | undefined>;
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  put(put: Put): Promise<PutResult>;
  /** Undefined while one database holds everything. */
  readonly sharding: Sharding | undefined;
}

export async function openKv(context: Context): Promise<Kv> {
  const sharding = Number(context.config.shardsInUse) > 0
    ? await openSharding(context)
    : undefined;
  const store: EntryStore | EntriesTable = sharding?.store ??
    await openEntriesTable(context.sql);

  return {
    sharding,
    // TODO 01.4: look into the cache first (cache.ts), and keep it right.
    async get(key) {
      return (await store.find([key])).get(key);
    },
    getMany: (keys) => store.find(keys),
    put: (put) => store.put(put),
  };
}
