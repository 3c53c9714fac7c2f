/** 01.6: counters that always say yes. Additions are written down one by one, and fetched by whoever lacks them. */
import type { Context, Peer } from "@contract/system.ts";
import { type Addition, openAdditions } from "./additions.ts";

const PAUSE_MS = 80;
const DEADLINE_MS = 500;

export interface Counters {
  /** Adds, and gives what this instance now takes for the sum. */
  add(id: string, amount: number): Promise<number>;
  valueOf(id: string): Promise<number>;
  /** For a peer that knows so many of ours. */
  newsFor(known: number): Promise<Addition[]>;
}

export async function openCounters(context: Context): Promise<Counters> {
  const { sql, instance, peers, signal } = context;
  const additions = await openAdditions(sql, instance);
  for (const peer of peers) keepFetching(peer);

  async function keepFetching(peer: Peer): Promise<void> {
    while (!signal.aborted) {
      // Away, or busy: the same question is asked again in a moment.
      await fetchNews(peer).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async function fetchNews(peer: Peer): Promise<void> {
    const known = await additions.knownOf(peer.instance);
    const answer = await peer.fetch(`/internal/additions/${known}`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const news: Addition[] = await answer.json();
    if (news.length > 0) await additions.take(news);
  }

  return {
    valueOf: additions.sumOf,
    async add(id, amount) {
      await additions.add(id, amount);
      return await additions.sumOf(id);
    },
    newsFor: additions.ownAfter,
  };
}
