/** A ring: each shard owns 128 points, and a key belongs to the next point after its own. */

const POINTS = 128;

export function shardOf(key: string, shards: readonly string[]): string {
  return ownerOn(ringOf(shards), key);
}

export function groupByShard(
  keys: readonly string[],
  shards: readonly string[],
): Map<string, string[]> {
  const ring = ringOf(shards);
  return Map.groupBy(keys, (key) => ownerOn(ring, key));
}

export function placementOf(
  keys: readonly string[],
  shards: readonly string[],
): Record<string, string> {
  const ring = ringOf(shards);
  return Object.fromEntries(keys.map((key) => [key, ownerOn(ring, key)]));
}

interface Point {
  readonly at: number;
  readonly shard: string;
}

function ringOf(shards: readonly string[]): Point[] {
  return shards.flatMap((shard) =>
    Array.from(
      { length: POINTS },
      (_, index) => ({ at: hash(`${shard}#${index}`), shard }),
    )
  ).sort((one, other) =>
    one.at - other.at || (one.shard < other.shard ? -1 : 1)
  );
}

function ownerOn(ring: readonly Point[], key: string): string {
  const at = hash(key);
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ring[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return ring[low % ring.length]!.shard;
}

/** FNV-1a with murmur3's last steps. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
