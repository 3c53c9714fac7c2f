/** 01.3: which shard a key belongs to. A pure function of key and shard ids, so every instance agrees. */
import { notImplemented } from "./problem.ts";

/** The shard that `key` belongs to when `shards`, in whatever order, are in use. */
export function shardOf(_key: string, _shards: readonly string[]): string {
  // TODO 01.3: every shard gets its share, and a new one takes keys from all the others alike.
  // It is asked for 5,000 keys in a row: whoever builds a ring keeps it for the next key.
  throw notImplemented(
    "01.3 Consistent sharding",
    "place keys in placement.ts",
  );
}

/** Keys by the shard that they belong to. */
export function groupByShard(
  keys: readonly string[],
  shards: readonly string[],
): Map<string, string[]> {
  return Map.groupBy(keys, (key) => shardOf(key, shards));
}

/** For planning: where each of `keys` would be, were `shards` in use. */
export function placementOf(
  keys: readonly string[],
  shards: readonly string[],
): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, shardOf(key, shards)]));
}
