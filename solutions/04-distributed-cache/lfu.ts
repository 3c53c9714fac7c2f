/**
 * Least frequently used, with decay. Keys of one count share a bucket, in the order of their last use; so the victim
 * is the first key of the lowest bucket, and no operation looks at all keys. Only the halving does, once per period.
 */
import type { Clock } from "@contract/system.ts";
import type { EvictionPolicy } from "./eviction.ts";

interface Use {
  readonly count: number;
  /** Number of the last use, counted over all keys. */
  readonly at: number;
}

export function leastFrequentlyUsed(
  clock: Clock,
  decayMs: number,
): EvictionPolicy {
  let uses = new Map<string, Use>();
  let buckets = new Map<number, Set<string>>();
  let lowest = 0;
  let period = Math.floor(clock.now() / decayMs);
  let usesSoFar = 0;

  function put(key: string, use: Use): void {
    uses.set(key, use);
    const bucket = buckets.get(use.count) ?? new Set();
    buckets.set(use.count, bucket.add(key));
    lowest = Math.min(lowest, use.count);
  }

  function take(key: string): Use | undefined {
    const use = uses.get(key);
    if (use === undefined) return undefined;
    uses.delete(key);
    const bucket = buckets.get(use.count)!;
    bucket.delete(key);
    if (bucket.size === 0) buckets.delete(use.count);
    return use;
  }

  /** Halves all counts once for each period that has gone by. What was popular last year must not live for ever. */
  function decay(): void {
    const now = Math.floor(clock.now() / decayMs);
    const halvings = Math.min(now - period, 31);
    if (halvings <= 0) return;
    period = now;
    // Counts that become equal meet in one bucket, which has to be in the order of last use again.
    const byAge = [...uses].sort(([, a], [, b]) => a.at - b.at);
    uses = new Map();
    buckets = new Map();
    for (const [key, { count, at }] of byAge) {
      put(key, { count: count >> halvings, at });
    }
  }

  return {
    add(key) {
      decay();
      put(key, { count: 1, at: usesSoFar++ });
    },
    use(key) {
      decay();
      const { count } = take(key)!;
      put(key, { count: count + 1, at: usesSoFar++ });
    },
    remove: (key) => void take(key),
    victim() {
      decay();
      if (uses.size === 0) return undefined;
      while (!buckets.has(lowest)) lowest++;
      return buckets.get(lowest)!.values().next().value;
    },
  };
}
