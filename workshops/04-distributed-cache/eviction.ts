/** Which item to give up when there is no more room. */
import type { Context } from "@contract/system.ts";
import { leastFrequentlyUsed } from "./lfu.ts";
import { leastRecentlyUsed } from "./lru.ts";

export interface EvictionPolicy {
  add(key: string): void;
  use(key: string): void;
  remove(key: string): void;
  /** The item to give up next; undefined when there is none. */
  victim(): string | undefined;
}

export function evictionPolicy({ config, clock }: Context): EvictionPolicy {
  if (config.policy === "lfu") {
    return leastFrequentlyUsed(clock, Number(config.lfuDecaySec) * 1000);
  }
  return leastRecentlyUsed();
}
