/** 01.3: which shards are in use. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface Shards {
  /** One more with each change. */
  readonly epoch: number;
  readonly inUse: readonly string[];
  /** What was in use before the newest shard came; null once every key is where it belongs. */
  readonly previous: readonly string[] | null;
}

export interface ShardMap {
  read(): Promise<Shards>;
  /** The map does not change while `work` runs. Many may work at once. */
  during<T>(work: (shards: Shards) => Promise<T>): Promise<T>;
  /** Waits for all work under the old map. False when the shard is in use, or another is still being filled. */
  add(shard: string): Promise<boolean>;
  /** Every key is where it belongs; does nothing if `epoch` is no longer current. */
  settle(epoch: number): Promise<void>;
}

export function openShardMap(_context: Context): Promise<ShardMap> {
  // TODO 01.3: at first config.shardsInUse of context.shards, the first by name. All instances must agree.
  const toBuild = (): never => {
    throw notImplemented(
      "01.3 Consistent sharding",
      "remember in shard_map.ts which shards are in use",
    );
  };
  return Promise.resolve({
    read: toBuild,
    during: toBuild,
    add: toBuild,
    settle: toBuild,
  });
}
