/** What providers tell us later: delivered, opened, bounced. In any order, more than once, or never. */
import type { Sql } from "postgres";
import { isChannel } from "./channels.ts";
import { notFound } from "./problem.ts";
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

/** A key or status that we do not know changes nothing; with an error the provider would only say it again. */
export async function applyCallback(
  sql: Sql,
  provider: string,
  body: { readonly key?: unknown; readonly status?: unknown },
): Promise<void> {
  if (!isChannel(provider)) throw notFound("channel of this name");
  const { status } = body;
  const { notificationId, channel } = parseKey(String(body.key));
  if (typeof status !== "string" || !Object.hasOwn(FOLLOWS, status)) return;
  // Looks and writes in one step: of two callbacks at once the second sees what the first has written.
  await sql`
    UPDATE deliveries SET status = ${status},
      events = events || ${eventOf(sql, sql`${status}`)}
    WHERE notification_id = ${notificationId} AND channel = ${channel}
      AND channel = ${provider} AND status = ANY(${[...FOLLOWS[status]!]})`;
}
