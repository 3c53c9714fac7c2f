/** Items that were written while the cache could not be told: forgotten there as soon as Redis answers again. */
import type { Context } from "@contract/system.ts";
import type { ItemCache } from "./item_cache.ts";

const RETRY_MS = 100;

export interface MissedEntries {
  has(id: string): boolean;
  /** Tells the cache; if that fails, forgets the item there later. */
  tell(id: string, telling: () => Promise<void>): Promise<void>;
}

export function missedEntries(
  { log, signal }: Context,
  cache: ItemCache,
): MissedEntries {
  /** With the number of writes missed, so that one that comes during a retry is not lost. */
  const missed = new Map<string, number>();
  let retrying: Promise<void> | undefined;

  async function retry(): Promise<void> {
    while (missed.size > 0 && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const told = [...missed];
      const isTold = await cache.forget(told.map(([id]) => id))
        .then(() => true, () => false);
      for (const [id, writes] of isTold ? told : []) {
        if (missed.get(id) === writes) missed.delete(id);
      }
    }
    retrying = undefined;
  }

  return {
    has: (id) => missed.has(id),
    async tell(id, telling) {
      try {
        await telling();
      } catch (error) {
        log("cache not told of a write", { error: String(error) });
        missed.set(id, (missed.get(id) ?? 0) + 1);
        retrying ??= retry();
      }
    },
  };
}
