/**
 * What this instance has written to Postgres and could not tell the cache. Told as soon as Redis answers again:
 * otherwise an entry from before the outage would be served for the rest of its life.
 */
import type { Context } from "@contract/system.ts";
import type { Entry, ItemCache } from "./item_cache.ts";

/** Real time between two attempts. */
const RETRY_MS = 100;
/** Redis does nothing else while it takes them in. */
const ENTRIES_MAX = 500;

export interface MissedEntries {
  has(id: string): boolean;
  /** Tells the cache, now or later. */
  offer(entry: Entry): Promise<void>;
}

export function missedEntries(
  { log, signal }: Context,
  cache: ItemCache,
): MissedEntries {
  const missed = new Map<string, Entry>();
  let isRetrying = false;

  async function retry(): Promise<void> {
    if (isRetrying) return;
    isRetrying = true;
    while (missed.size > 0 && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const entries = [...missed.values()].slice(0, ENTRIES_MAX);
      try {
        await cache.offer(entries);
      } catch {
        continue; // Still away; it was logged when it began.
      }
      for (const entry of entries) {
        // Written again meanwhile: the newer one has still to be told.
        if (missed.get(entry.id) === entry) missed.delete(entry.id);
      }
    }
    isRetrying = false;
  }

  return {
    has: (id) => missed.has(id),
    async offer(entry) {
      try {
        await cache.offer([entry]);
      } catch (error) {
        log("cache not told of a write", { error: String(error) });
        // Of two writes at once the older one may hear of it last.
        if (entry.version > (missed.get(entry.id)?.version ?? 0)) {
          missed.set(entry.id, entry);
        }
        retry();
      }
    },
  };
}
