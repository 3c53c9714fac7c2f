/** Makes the texts of deliveries from the pinned version of their template and their data. */
import type { Sql } from "postgres";
import type { Channel, Message, Messages } from "./channels.ts";
import type { Data } from "./parse.ts";
import { render } from "./render.ts";

interface Unrendered {
  readonly notificationId: string;
  readonly channel: Channel;
  /** The data, as it was stored. */
  readonly message: Message;
}

export async function rendered<T extends Unrendered>(
  sql: Sql,
  deliveries: readonly T[],
): Promise<T[]> {
  if (deliveries.length === 0) return [];
  const ids = deliveries.map(({ notificationId }) => notificationId);
  const rows = await sql<{ id: string; content: Messages }[]>`
    SELECT notifications.id, content FROM notifications JOIN templates
      ON name = template->>'name' AND locale = template->>'locale'
        AND version = (template->>'version')::int
    WHERE notifications.id = ANY(${ids})`;
  const contents = new Map(rows.map(({ id, content }) => [id, content]));
  return deliveries.map((delivery) => {
    const { notificationId, channel, message } = delivery;
    const data = message as Data;
    const content = contents.get(notificationId)!;
    const messages = render(content, { channels: [channel], data });
    return { ...delivery, message: messages[channel]! };
  });
}
