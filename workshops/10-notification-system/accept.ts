/** Accepting: what was answered with 202 will be sent. */
import type { Sql } from "postgres";
import type { NotificationOrder } from "./parse.ts";
import { notImplemented } from "./problem.ts";

/** Gives the id; from 10.6 on that of the first call if this one repeats it. */
export function accept(
  _sql: Sql,
  _order: NotificationOrder,
): Promise<string> {
  // TODO 10.1: find the template, render, store. 10.2: queue it. 10.3: `order.sendAt`. 10.6: `order.dedupeKey`.
  throw notImplemented("10.1 Templates", "accept notifications in accept.ts");
}
