/** Where requests under way are remembered: in Redis, for all instances together, or in this process alone. */
import type { Context } from "@contract/system.ts";
import { notImplemented, type ProblemError } from "./problem.ts";

/** A set of requests under way, and how many it may hold. */
export interface Bound {
  readonly key: string;
  readonly max: number;
  /** What a request hears that finds the set full. */
  readonly refusal: () => ProblemError;
}

export type Grant =
  | {
    readonly status: "taken";
    /** Places left in the last of the sets. */
    readonly left: number;
    release(): Promise<void>;
  }
  | { readonly status: "full"; readonly bound: Bound };

export interface SlotStore {
  /** Takes a place in each set, or in none. */
  take(bounds: readonly Bound[]): Promise<Grant>;
}

/** For all instances together. A place that a killed instance holds must become free by itself. */
export function sharedSlots(_context: Context): SlotStore {
  return { take: toBuild };
}

/** The fallback while the store is away. */
export function localSlots(): SlotStore {
  return { take: toBuild };
}

function toBuild(): never {
  // TODO 03.7
  throw notImplemented(
    "03.7 Concurrency and shedding",
    "give places out and take them back in slot_stores.ts",
  );
}
