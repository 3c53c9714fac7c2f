/** What providers tell us later: delivered, opened, bounced. In any order, more than once, or never. */
import type { Sql } from "postgres";
import { notImplemented } from "./problem.ts";

/**
 * The signature has been verified. `key` is the `Idempotency-Key` of the call that it is about. An unknown channel is
 * `notFound`, an unknown key or status no error.
 */
export function applyCallback(
  _sql: Sql,
  _provider: string,
  _body: { readonly key?: unknown; readonly status?: unknown },
): Promise<void> {
  // TODO 10.2: only forward, also when twenty come at once.
  throw notImplemented("10.2 Outbox and tracking", "move on in callbacks.ts");
}
