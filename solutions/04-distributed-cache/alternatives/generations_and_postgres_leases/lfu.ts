/** Least frequently used, by looking at all of them: enough while the cache is small. */
import type { Clock } from "@contract/system.ts";
import type { EvictionPolicy } from "./eviction.ts";

export function leastFrequentlyUsed(
  clock: Clock,
  decayMs: number,
): EvictionPolicy {
  /** In the order of their last use; the count is as of its period. */
  const uses = new Map<string, { count: number; period: number }>();
  const periodNow = () => Math.floor(clock.now() / decayMs);

  function countOf(key: string): number {
    const use = uses.get(key);
    if (use === undefined) return 0;
    return Math.floor(use.count / 2 ** (periodNow() - use.period));
  }

  function use(key: string): void {
    const count = countOf(key) + 1;
    uses.delete(key);
    uses.set(key, { count, period: periodNow() });
  }

  return {
    add: use,
    use,
    remove: (key) => void uses.delete(key),
    victim() {
      let [victim, lowest] = [undefined as string | undefined, Infinity];
      for (const key of uses.keys()) {
        const count = countOf(key);
        if (count < lowest) [victim, lowest] = [key, count];
      }
      return victim;
    },
  };
}
