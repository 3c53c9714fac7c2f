/** Entries over several databases. An entry is in its old home until it is committed to the new one. */
import type { Entry, EntryStore } from "./entry.ts";
import type { EntriesTable } from "./entries_table.ts";
import { groupByShard, shardOf } from "./placement.ts";
import type { ShardMap, Shards } from "./shard_map.ts";

export type Tables = Readonly<Record<string, EntriesTable>>;

export function shardedStore(tables: Tables, shardMap: ShardMap): EntryStore {
  return {
    async find(keys) {
      const found = new Map<string, Entry>();
      let shards = await shardMap.read();
      while (true) {
        for (const inUse of placesToLook(shards)) {
          const missing = keys.filter((key) => !found.has(key));
          for (const entry of await findIn(tables, missing, inUse)) {
            found.set(entry.key, entry);
          }
        }
        if (found.size >= new Set(keys).size) return found;
        // Nowhere, or moved away while we looked: only an unchanged map says which.
        const { epoch } = shards;
        shards = await shardMap.read();
        if (shards.epoch === epoch) return found;
      }
    },

    put(put) {
      return shardMap.during(async ({ inUse, previous }) => {
        const home = shardOf(put.key, inUse);
        const formerly = previous === null ? home : shardOf(put.key, previous);
        if (formerly !== home) {
          await move(tables, { keys: [put.key], from: formerly, to: home });
        }
        return await tables[home]!.put(put);
      });
    },
  };
}

/** One key at a time, its old row locked: whoever comes second finds nothing there. */
export async function move(
  tables: Tables,
  { keys, from, to }: {
    readonly keys: readonly string[];
    readonly from: string;
    readonly to: string;
  },
): Promise<void> {
  for (const key of keys) {
    await tables[from]!.giveAway(
      key,
      (entry) => tables[to]!.takeOver([entry]),
    );
  }
}

/** The old home first: what is gone from there is in the new one for good. */
function placesToLook({ inUse, previous }: Shards) {
  return previous === null ? [inUse] : [previous, inUse];
}

/** One question per shard, all at once. */
async function findIn(
  tables: Tables,
  keys: readonly string[],
  shards: readonly string[],
): Promise<Entry[]> {
  const groups = groupByShard(keys, shards);
  const answers = await Promise.all(
    [...groups].map(([shard, group]) => tables[shard]!.find(group)),
  );
  return answers.flatMap((entries) => [...entries.values()]);
}
