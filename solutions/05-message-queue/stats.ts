/** How many messages wait for what. */
import type { Context } from "@contract/system.ts";

export interface Stats {
  /** Would be received now. */
  readonly ready: number;
  /** Held by a receipt. */
  readonly inFlight: number;
  /** Not due yet, by delay or backoff. */
  readonly delayed: number;
}

export async function statsOf({ sql }: Context, queue: string): Promise<Stats> {
  const [row] = await sql<[Stats]>`
    SELECT
      count(*) FILTER (WHERE visible_at <= now())::int AS ready,
      count(*) FILTER (WHERE visible_at > now() AND receipt IS NOT NULL)::int
        AS "inFlight",
      count(*) FILTER (WHERE visible_at > now() AND receipt IS NULL)::int
        AS delayed
    FROM messages WHERE queue = ${queue}`;
  return row;
}
