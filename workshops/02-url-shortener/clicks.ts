/** Clicks: counted without slowing a redirect, and not lost. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface ClickStats {
  readonly clicks: number;
  readonly uniques: number;
  /** Clicks by day: `{"2026-01-31": 12}`. */
  readonly byDay: Readonly<Record<string, number>>;
}

export interface Clicks {
  /** Counts one redirect. `visitor` is the X-Visitor header, empty when there was none. */
  record(code: string, visitor: string): Promise<void>;
  stats(code: string): Promise<ClickStats>;
}

/** Opens the counters. Two instances may call this at the same moment. */
export function openClicks(_context: Context): Promise<Clicks> {
  // TODO 02.1: a Map will do. 02.5: Redis beside the redirect, Postgres in batches.
  const toBuild = () => {
    throw notImplemented(
      "02.1 Shorten and redirect",
      "count clicks in clicks.ts",
    );
  };
  return Promise.resolve({ record: toBuild, stats: toBuild });
}
