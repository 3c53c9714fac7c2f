/** 01.3: everything about shards, as the routes need it. */
import type { Context } from "@contract/system.ts";
import { openEntriesTable } from "./entries_table.ts";
import type { EntryStore } from "./entry.ts";
import { shardOf } from "./placement.ts";
import { rebalance } from "./rebalance.ts";
import { openShardMap } from "./shard_map.ts";
import { shardedStore } from "./sharded_store.ts";

const RETRY_MS = 500;

export type AddResult = "added" | "unknown" | "busy";

export interface Sharding {
  readonly store: EntryStore;
  /** The shard that `key` belongs to, now. */
  placeOf(key: string): Promise<string>;
  /** Takes a shard into use and begins to fill it. */
  add(shard: string): Promise<AddResult>;
  /** If keys are moving and this instance is not at it, it helps. */
  isMoving(): Promise<boolean>;
}

export async function openSharding(context: Context): Promise<Sharding> {
  const { shards, signal, log } = context;
  const shardMap = await openShardMap(context);
  const tables = Object.fromEntries(
    await Promise.all(
      Object.entries(shards).map(async ([id, sql]) =>
        [id, await openEntriesTable(sql)] as const
      ),
    ),
  );
  /** How often this instance is at it: two do no harm. */
  let fillers = 0;
  const fill = async () => {
    fillers++;
    while (!signal.aborted) {
      try {
        await rebalance(tables, shardMap);
        break;
      } catch (error) {
        // A shard was away for a moment. What has moved has moved; the rest is tried again.
        log("rebalancing broke off", { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    fillers--;
  };
  // Whoever began to move keys may have been killed.
  fill();

  return {
    store: shardedStore(tables, shardMap),
    async placeOf(key) {
      return shardOf(key, (await shardMap.read()).inUse);
    },
    async add(shard) {
      if (!Object.hasOwn(shards, shard)) return "unknown";
      if (!await shardMap.add(shard)) return "busy";
      fill();
      return "added";
    },
    async isMoving() {
      const { previous } = await shardMap.read();
      // Whoever was told to add the shard may have been killed for good.
      if (previous !== null && fillers === 0) fill();
      return previous !== null;
    },
  };
}
