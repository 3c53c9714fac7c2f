/** 01.3: brings every key home after a shard was added. May run in several instances at once, and be killed. */
import { groupByShard } from "./placement.ts";
import type { ShardMap, Shards } from "./shard_map.ts";
import { move, type Tables } from "./sharded_store.ts";

/** Small enough that a page is no burden on memory or locks. */
const PAGE_KEYS = 500;

export async function rebalance(
  tables: Tables,
  shardMap: ShardMap,
): Promise<void> {
  const shards = await shardMap.read();
  const { previous, epoch } = shards;
  if (previous === null) return;
  await Promise.all(previous.map((from) => bringHome(tables, from, shards)));
  await shardMap.settle(epoch);
}

/** One pass is enough: behind the fence, which is up before the first look, nobody writes what belongs elsewhere. */
async function bringHome(
  tables: Tables,
  from: string,
  { epoch, inUse }: Shards,
): Promise<void> {
  await tables[from]!.fence(epoch);
  let after = "";
  while (true) {
    const page = await tables[from]!.keysAfter(after, PAGE_KEYS);
    if (page.length === 0) return;
    for (const [to, keys] of groupByShard(page, inUse)) {
      if (to !== from) await move(tables, { keys, from, to });
    }
    after = page.at(-1)!;
  }
}
