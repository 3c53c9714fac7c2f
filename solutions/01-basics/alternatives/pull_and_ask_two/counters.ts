/** Counters that always say yes: parts in the own database, pulled by the others. */
import type { Context } from "@contract/system.ts";
import { openCounterParts, type Part } from "./counter_parts.ts";
import { startPulling } from "./gossip.ts";

export interface Counters {
  add(id: string, amount: number): Promise<number>;
  valueOf(id: string): Promise<number>;
  /** For the peers. */
  all(): Promise<Part[]>;
}

export async function openCounters(context: Context): Promise<Counters> {
  const { instance } = context;
  const parts = await openCounterParts(context.sql);
  startPulling(context, parts);

  async function valueOf(id: string): Promise<number> {
    const known = await parts.of([id]);
    return known.reduce((sum, { count }) => sum + count, 0);
  }

  return {
    valueOf,
    async add(id, amount) {
      await parts.add({ id, instance, count: amount });
      return await valueOf(id);
    },
    async all() {
      return await parts.of(await parts.allIds());
    },
  };
}
