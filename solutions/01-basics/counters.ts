/**
 * 01.6: counters that always say yes. Each instance counts for itself, in its own database, and tells the others
 * what it knows until they have heard it.
 *
 * @see Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011: G-Counter
 */
import type { Context } from "@contract/system.ts";
import { openCounterParts, type Part } from "./counter_parts.ts";
import { openGossip } from "./gossip.ts";

export interface Counters {
  /** Adds, and gives what this instance now takes for the sum. */
  add(id: string, amount: number): Promise<number>;
  valueOf(id: string): Promise<number>;
  /** What a peer knows. */
  hear(parts: readonly Part[]): Promise<void>;
}

export async function openCounters(context: Context): Promise<Counters> {
  const { instance } = context;
  const parts = await openCounterParts(context.sql);
  const gossip = openGossip(context, parts);
  // Nobody remembers what the others had heard before this instance was killed, so they hear it all again.
  gossip.tell(await parts.allIds());

  async function valueOf(id: string): Promise<number> {
    const known = await parts.of([id]);
    return known.reduce((sum, { count }) => sum + count, 0);
  }

  return {
    valueOf,
    async add(id, amount) {
      await parts.add({ id, instance, count: amount });
      gossip.tell([id]);
      return await valueOf(id);
    },
    async hear(heard) {
      gossip.tell(await parts.merge(heard));
    },
  };
}
