/** How many messages wait for what. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface Stats {
  /** Would be received now. */
  readonly ready: number;
  /** Held by a receipt. */
  readonly inFlight: number;
  /** Not due yet, by delay or backoff. */
  readonly delayed: number;
}

export function statsOf(_context: Context, _queue: string): Promise<Stats> {
  // TODO 05.1: ready and inFlight. 05.5 and 05.6: delayed.
  throw notImplemented(
    "05.1 Publish, receive, ack",
    "count messages in stats.ts",
  );
}
