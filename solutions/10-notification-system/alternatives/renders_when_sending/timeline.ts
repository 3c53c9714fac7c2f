/** What has become of a notification, as the one who asked for it may read it. */
import type { Sql } from "postgres";
import type { Channel, Message } from "./channels.ts";
import { contentOf, rendered, type Unrendered } from "./rendered.ts";

export type Status =
  /** An earlier channel has not failed so far. */
  | "standby"
  | "queued"
  | "sent"
  | "delivered"
  | "opened"
  /** The provider took it and could not deliver it. */
  | "bounced"
  /** The provider does not want it, or has not taken it in any attempt. */
  | "failed"
  /** The user does not want it. */
  | "suppressed";

export interface DeliveryView {
  readonly channel: Channel;
  readonly status: Status;
  readonly message: Message;
  /** Calls to the provider that have ended. */
  readonly attempts: number;
  /** While queued: the moment from which it may be sent. */
  readonly nextAttemptAt: string | null;
  /** Of `failed` and `suppressed`. */
  readonly reason: string | null;
  readonly events: readonly { readonly status: Status; readonly at: string }[];
}

export async function getNotification(sql: Sql, id: string) {
  const [notification] = await sql`
    SELECT id, user_id AS user, priority, template FROM notifications
    WHERE id = ${id}`;
  if (notification === undefined) return undefined;
  const deliveries = await sql<(DeliveryView & Unrendered)[]>`
    SELECT channel, status, message, ${contentOf(sql)} AS content, attempts,
      reason, events,
      CASE WHEN status = 'queued' THEN due_at END AS "nextAttemptAt"
    FROM deliveries WHERE notification_id = ${id} ORDER BY position`;
  return { ...notification, deliveries: deliveries.map(rendered) };
}

const DEAD_LETTERS_MAX = 100;

/** Notifications whose last channel has failed, the newest first. */
export async function getDeadLetters(sql: Sql) {
  const items = await sql`
    SELECT notification_id AS id, user_id AS user, channel, reason
    FROM deliveries AS last WHERE status = 'failed' AND NOT EXISTS (
      SELECT FROM deliveries AS later
      WHERE later.notification_id = last.notification_id
        AND later.position > last.position)
    ORDER BY last.id DESC LIMIT ${DEAD_LETTERS_MAX}`;
  return { items: [...items] };
}
