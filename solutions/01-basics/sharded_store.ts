/**
 * 01.3: entries over several databases. While keys move to a new shard there is one rule: every write goes to the
 * new home, and fetches the entry there first. So nothing in an old home changes any more, and whoever moves a key,
 * a writer or the mover, moves the same thing.
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
