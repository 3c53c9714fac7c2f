/**
 * 01.3: entries over several databases. Anybody may go by an old map; a shard that has seen a newer one turns them
 * away. So before anybody looks for keys that leave their old home, the fence goes up there, and what is behind it does
 * not change any more.
 */
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

    async put(put) {
      while (true) {
        const { epoch, inUse, previous } = await shardMap.read();
        const to = shardOf(put.key, inUse);
        const from = previous === null ? to : shardOf(put.key, previous);
        if (from !== to) {
          await tables[from]!.fence(epoch);
          await move(tables, { keys: [put.key], from, to });
        }
        const result = await tables[to]!.putBy(epoch, put);
        if (result !== "fenced") return result;
      }
    },
  };
}

/** Copies first, deletes then: a crash in between leaves a copy that nobody reads, and the next mover removes it. */
export async function move(
  tables: Tables,
  { keys, from, to }: {
    readonly keys: readonly string[];
    readonly from: string;
    readonly to: string;
  },
): Promise<void> {
  const entries = await tables[from]!.find(keys);
  if (entries.size === 0) return;
  await tables[to]!.takeOver([...entries.values()]);
  await tables[from]!.remove([...entries.keys()]);
}

/** During a move the new home first; a key found in neither may have moved between the two looks. */
function placesToLook({ inUse, previous }: Shards) {
  return previous === null ? [inUse] : [inUse, previous, inUse];
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
