/** What providers tell us later: delivered, opened, bounced. In any order, more than once, or never. */
import type { Sql } from "postgres";
import { isChannel } from "./channels.ts";
import { notFound } from "./problem.ts";
import { parseKey } from "./provider.ts";
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
  await sql.begin(async (transaction) => {
    const [known] = await transaction<{ id: string; status: Status }[]>`
      SELECT id, status FROM deliveries
      WHERE notification_id = ${notificationId} AND channel = ${channel}
        AND channel = ${provider} FOR UPDATE`;
    if (!known || !FOLLOWS[status]!.includes(known.status)) return;
    await transaction`
      UPDATE deliveries SET status = ${status} WHERE id = ${known.id}`;
    await transaction`
      INSERT INTO events (delivery_id, status) VALUES (${known.id}, ${status})`;
  });
}
