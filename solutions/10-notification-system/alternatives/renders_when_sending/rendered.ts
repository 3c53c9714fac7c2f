/** Makes the text of a delivery from the pinned version of its template and its data. */
import type { Sql } from "postgres";
import type { Channel, Message, Messages } from "./channels.ts";
import type { Data } from "./parse.ts";
import { render } from "./render.ts";

export interface Unrendered {
  readonly channel: Channel;
  /** The data, as it was stored. */
  readonly message: Message;
  /** Of the template. */
  readonly content: Messages;
}

/** What belongs to a `notification_id`; part of the statement that asks for it, so that there is no step between. */
export function contentOf(sql: Sql) {
  return sql`(
    SELECT content FROM notifications JOIN templates
      ON name = template->>'name' AND locale = template->>'locale'
        AND version = (template->>'version')::int
    WHERE notifications.id = notification_id)`;
}

export function rendered<T extends Unrendered>(
  { content, ...delivery }: T,
): Omit<T, "content"> {
  const { channel, message } = delivery;
  const data = message as Data;
  const messages = render(content, { channels: [channel], data });
  return { ...delivery, message: messages[channel]! };
}
