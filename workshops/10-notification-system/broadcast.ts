/** One message to thousands. */
import type { Sql } from "postgres";
import type { BroadcastOrder } from "./parse.ts";
import { notImplemented } from "./problem.ts";

export interface Broadcast {
  readonly id: string;
  /** How many users it is for. */
  readonly total: number;
}

/**
 * Gives id and number of users; those of the first call if this one repeats it. Throws `dedupe_mismatch` if it has
 * other content.
 */
export function acceptBroadcast(
  _sql: Sql,
  _order: BroadcastOrder,
): Promise<Broadcast> {
  // TODO 10.8: few statements, whatever the number of users; `order.dedupeKey`.
  throw notImplemented("10.8 Broadcast", "accept broadcasts in broadcast.ts");
}

/** How far it has got: deliveries by status. */
export function getBroadcast(
  _sql: Sql,
  _id: string,
): Promise<
  | Broadcast & { readonly statuses: Readonly<Record<string, number>> }
  | undefined
> {
  throw notImplemented("10.8 Broadcast", "show broadcasts in broadcast.ts");
}
