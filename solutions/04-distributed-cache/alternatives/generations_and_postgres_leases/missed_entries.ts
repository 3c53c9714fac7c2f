/** After an outage in which something was written, nothing in the cache is believed: a new epoch begins. */
import type { Context } from "@contract/system.ts";
import type { ItemCache } from "./item_cache.ts";

const RETRY_MS = 100;

export interface MissedEntries {
  /** Something was written that the cache does not know yet. */
  readonly isBehind: boolean;
  forget(id: string): Promise<void>;
}

export function missedEntries(
  { log, signal }: Context,
  cache: ItemCache,
): MissedEntries {
  let missed = 0;
  let isRetrying = false;

  async function retry(): Promise<void> {
    isRetrying = true;
    while (missed > 0 && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const before = missed;
      const isTold = await cache.forgetAll().then(() => true, () => false);
      if (isTold && missed === before) missed = 0;
    }
    isRetrying = false;
  }

  return {
    get isBehind() {
      return missed > 0;
    },
    async forget(id) {
      try {
        await cache.forget(id);
      } catch (error) {
        log("cache not told of a write", { error: String(error) });
        missed++;
        if (!isRetrying) retry();
      }
    },
  };
}
