/** Least recently used: a `Set` keeps its members in the order in which they came, which is all there is to do. */
import type { EvictionPolicy } from "./eviction.ts";

export function leastRecentlyUsed(): EvictionPolicy {
  const oldestFirst = new Set<string>();
  return {
    add: (key) => void oldestFirst.add(key),
    use(key) {
      oldestFirst.delete(key);
      oldestFirst.add(key);
    },
    remove: (key) => void oldestFirst.delete(key),
    victim: () => oldestFirst.values().next().value,
  };
}
