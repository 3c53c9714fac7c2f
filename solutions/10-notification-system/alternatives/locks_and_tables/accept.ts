/** Accepting: render, remember and queue, in one transaction. What was answered with 202 will be sent. */
import { createHash } from "node:crypto";
import type { ISql, Sql } from "postgres";
import type { Channel, Messages } from "./channels.ts";
import type {
  BroadcastOrder,
  NotificationOrder,
  Order,
  Priority,
} from "./parse.ts";
import { unprocessable } from "./problem.ts";
import { render } from "./render.ts";
import { findTemplate } from "./templates.ts";

/** Order in which classes are served. */
export const RANKS: Readonly<Record<Priority, number>> = {
  otp: 0,
  normal: 1,
  bulk: 2,
};

/** Gives the id; that of the first call if this one repeats it. Callers with one key stand in line. */
export async function accept(
  sql: Sql,
  order: NotificationOrder,
): Promise<string> {
  const lock = `dedupe ${order.user} ${order.dedupeKey}`;
  return await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext(${lock}))`;
    const known = await findAccepted(transaction, order);
    if (known !== undefined) return known;
    const { template, messages } = await prepare(transaction, order);
    const id = crypto.randomUUID();
    await transaction`
      INSERT INTO notifications
        (id, user_id, priority, template, dedupe_key, fingerprint)
      VALUES (${id}, ${order.user}, ${order.priority}, ${sql.json(template)},
        ${order.dedupeKey}, ${fingerprintOf(order)})`;
    for (const delivery of deliveriesOf(order, messages)) {
      const { position, channel, message, status } = delivery;
      const [row] = await transaction`
        INSERT INTO deliveries (notification_id, position, user_id, channel,
          rank, message, status, due_at)
        VALUES (${id}, ${position}, ${order.user}, ${channel},
          ${RANKS[order.priority]}, ${sql.json({ ...message })}, ${status},
          greatest(${order.sendAt ?? null}::timestamptz, now()))
        RETURNING id`;
      if (status === "standby") continue;
      await transaction`
        INSERT INTO events (delivery_id, status) VALUES (${row!.id}, ${status})`;
    }
    return id;
  });
}

/** Pins the version of the template by rendering right away. */
export async function prepare(sql: ISql, order: Order) {
  const { template: name, locale } = order;
  const found = await findTemplate(sql, name, locale);
  if (found === undefined) {
    const detail = `There is no template "${name}" for ${locale} or en`;
    throw unprocessable("unknown_template", detail);
  }
  const { version } = found;
  const template = { name, locale: found.locale, version };
  return { template, messages: render(found.content, order) };
}

/** One per channel. The first is queued, the others stand by for the case that it fails. */
export function deliveriesOf(
  { channels }: { readonly channels: readonly Channel[] },
  messages: Messages,
) {
  return channels.map((channel, position) => ({
    position,
    channel,
    message: messages[channel]!,
    status: position === 0 ? "queued" : "standby",
  }));
}

async function findAccepted(
  sql: ISql,
  order: NotificationOrder,
): Promise<string | undefined> {
  const [known] = await sql<{ id: string; fingerprint: string }[]>`
    SELECT id, fingerprint FROM notifications
    WHERE user_id = ${order.user} AND dedupe_key = ${order.dedupeKey}`;
  if (known === undefined || known.fingerprint === fingerprintOf(order)) {
    return known?.id;
  }
  throw unprocessable(
    "dedupe_mismatch",
    "This dedupeKey was used for another notification",
  );
}

/**
 * Equal for orders that ask for the same; the names in `data` have no order. A digest, for a broadcast may have ten
 * thousand users.
 */
export function fingerprintOf(
  order: NotificationOrder | BroadcastOrder,
): string {
  const { template, locale, channels, sendAt } = order;
  const data = Object.entries(order.data).sort(([a], [b]) => a < b ? -1 : 1);
  const rest = "users" in order ? order.users : order.priority;
  const asked = [template, locale, data, channels, sendAt, rest];
  return createHash("sha256").update(JSON.stringify(asked)).digest("base64url");
}
