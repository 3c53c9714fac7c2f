/** 01.6: what this instance knows of each counter: how much every instance has added to it. */
import type { Sql } from "postgres";
import { notImplemented } from "./problem.ts";

/** One instance's share of one counter. Only that instance adds to it, so of two reports the higher is the later. */
export interface Part {
  readonly id: string;
  readonly instance: string;
  readonly count: number;
}

export interface CounterParts {
  add(part: Part): Promise<void>;
  /** Keeps the higher of both. Gives the ids of the counters that this was news for. */
  merge(parts: readonly Part[]): Promise<string[]>;
  of(ids: readonly string[]): Promise<Part[]>;
  allIds(): Promise<string[]>;
}

export function openCounterParts(_sql: Sql): Promise<CounterParts> {
  // TODO 01.6: a table with one row for each counter and instance.
  const toBuild = (): never => {
    throw notImplemented("01.6 AP counter", "keep parts in counter_parts.ts");
  };
  return Promise.resolve({
    add: toBuild,
    merge: toBuild,
    of: toBuild,
    allIds: toBuild,
  });
}
