/** What providers tell us later: delivered, opened, bounced. In any order, more than once, or never. */
import type { Sql } from "postgres";
import { notFound, unprocessable } from "./problem.ts";
import { parseKey } from "./provider.ts";
import { eventOf } from "./queue.ts";
import type { Status } from "./timeline.ts";

/** From which statuses each may follow. Only forward, so late and repeated callbacks change nothing. */
const FOLLOWS: Readonly<Record<string, readonly Status[]>> = {
  // "queued": a callback may overtake the answer to the very call that it is about.
  delivered: ["queued", "sent"],
  opened: ["queued", "sent", "delivered"],
  bounced: ["queued", "sent"],
};

export async function applyCallback(
  sql: Sql,
  provider: string,
  body: { readonly key?: unknown; readonly status?: unknown },
): Promise<void> {
  const { status } = body;
  const { notificationId, channel } = parseKey(String(body.key));
  if (typeof status !== "string" || !Object.hasOwn(FOLLOWS, status)) {
    throw unprocessable("invalid_callback", "status is none that we know");
  }
  // Looks and writes in one step: of two callbacks at once the second sees what the first has written.
  const moved = await sql`
    UPDATE deliveries SET status = ${status},
      events = events || ${eventOf(sql, sql`${status}`)}
    WHERE notification_id = ${notificationId} AND channel = ${channel}
      AND channel = ${provider} AND status = ANY(${[...FOLLOWS[status]!]})`;
  if (moved.count > 0) return;
  const known = await sql`
    SELECT FROM deliveries WHERE notification_id = ${notificationId}
      AND channel = ${channel} AND channel = ${provider}`;
  if (known.length === 0) throw notFound("message with this key");
}
