/** Least frequently used, with decay. */
import type { Clock } from "@contract/system.ts";
import type { EvictionPolicy } from "./eviction.ts";

export function leastFrequentlyUsed(
  _clock: Clock,
  _decayMs: number,
): EvictionPolicy {
  // TODO 04.2
  return {
    add() {},
    use() {},
    remove() {},
    victim: () => undefined,
  };
}
