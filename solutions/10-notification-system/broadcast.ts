/** One message to thousands: accepted in one statement, whatever their number. */
import type { Sql } from "postgres";
import { deliveriesOf, fingerprintOf, prepare, RANKS } from "./accept.ts";
import type { BroadcastOrder } from "./parse.ts";
import { unprocessable } from "./problem.ts";

export interface Broadcast {
  readonly id: string;
  /** How many users it is for. */
  readonly total: number;
}

/** Gives id and number of users; those of the first call if this one repeats it. */
export async function acceptBroadcast(
  sql: Sql,
  order: BroadcastOrder,
): Promise<Broadcast> {
  // A repeated call hears what the first one heard, whatever has become of the template.
  const known = await findBroadcast(sql, order);
  if (known !== undefined) return known;
  const { template, messages } = await prepare(sql, order);
  const id = crypto.randomUUID();
  await sql`
    WITH broadcast AS (
      INSERT INTO broadcasts (id, dedupe_key, fingerprint, total)
      VALUES (${id}, ${order.dedupeKey}, ${fingerprintOf(order)},
        ${order.users.length})
      ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
    ), accepted AS (
      INSERT INTO notifications (id, user_id, priority, template,
        fingerprint, broadcast_id)
      SELECT broadcast.id || '-' || place, user_id, 'bulk',
        ${sql.json(template)}, '', broadcast.id
      FROM broadcast, unnest(${[...order.users]}::text[])
        WITH ORDINALITY AS recipient (user_id, place)
      RETURNING id, user_id
    )
    INSERT INTO deliveries (notification_id, position, user_id, channel, rank,
      message, status, due_at, events)
    SELECT accepted.id, wanted.position, user_id, channel, ${RANKS.bulk}::int,
      message, status, greatest(${order.sendAt ?? null}::timestamptz, now()),
      events
    FROM accepted, jsonb_to_recordset(${
    sql.json(deliveriesOf(order, messages))
  })
      AS wanted (position int, channel text, message jsonb, status text, events jsonb)`;
  return (await findBroadcast(sql, order))!;
}

async function findBroadcast(
  sql: Sql,
  order: BroadcastOrder,
): Promise<Broadcast | undefined> {
  const [known] = await sql<(Broadcast & { fingerprint: string })[]>`
    SELECT id, total, fingerprint FROM broadcasts
    WHERE dedupe_key = ${order.dedupeKey}`;
  if (known === undefined) return undefined;
  const { fingerprint, ...broadcast } = known;
  if (fingerprint === fingerprintOf(order)) return broadcast;
  throw unprocessable(
    "dedupe_mismatch",
    "This dedupeKey was used for another broadcast",
  );
}

/** How far it has got: deliveries by status. */
export async function getBroadcast(sql: Sql, id: string) {
  const [broadcast] = await sql`
    SELECT id, total FROM broadcasts WHERE id = ${id}`;
  if (broadcast === undefined) return undefined;
  const rows = await sql<{ status: string; count: number }[]>`
    SELECT status, count(*)::int AS count
    FROM deliveries JOIN notifications ON notifications.id = notification_id
    WHERE broadcast_id = ${id} GROUP BY status`;
  const statuses = rows.map(({ status, count }) => [status, count]);
  return { ...broadcast, statuses: Object.fromEntries(statuses) };
}
