/** 01.3: which shard a key belongs to. A pure function of key and shard ids, so every instance agrees. */

/**
 * Rendezvous hashing: each shard bids for the key with a hash of both, and the highest bid has it. A shard that joins
 * wins 1 of n keys from all the others alike; between two old shards nothing moves, for their bids have not changed.
 *
 * @see Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998
 */
export function shardOf(key: string, shards: readonly string[]): string {
  let winner = "";
  let highest = -1;
  for (const shard of shards) {
    const bid = hash(`${shard} ${key}`);
    if (bid > highest || (bid === highest && shard < winner)) {
      winner = shard;
      highest = bid;
    }
  }
  return winner;
}

/** Keys by the shard that they belong to. */
export function groupByShard(
  keys: readonly string[],
  shards: readonly string[],
): Map<string, string[]> {
  return Map.groupBy(keys, (key) => shardOf(key, shards));
}

/** FNV-1a, and then murmur3's last steps: without them ids that differ in one letter would bid alike. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** For planning: where each of `keys` would be, were `shards` in use. */
export function placementOf(
  keys: readonly string[],
  shards: readonly string[],
): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, shardOf(key, shards)]));
}
