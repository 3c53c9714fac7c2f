/** Messages go in: each call is one statement, so it has happened or it has not. */
import type { Context } from "@contract/system.ts";
import type { NewMessage } from "./bodies.ts";
import { unknownQueue } from "./problem.ts";

export interface Publisher {
  /** Gives the ids, in the order of the messages. */
  publish(queue: string, messages: readonly NewMessage[]): Promise<string[]>;
  /** Gives the id of the first message that came with this `dedupId`. */
  publishOnce(
    queue: string,
    message: NewMessage,
    dedupId: string,
  ): Promise<string>;
}

export function openPublisher({ sql, config }: Context): Publisher {
  const agingMs = Number(config.agingSec) * 1000;
  const dedupMs = Number(config.dedupSec) * 1000;
  return {
    async publish(queue, messages) {
      const ids = messages.map(() => crypto.randomUUID());
      const rows = await sql`
        INSERT INTO messages (id, queue, body, rank_ms, visible_at)
        SELECT id, name, body,
          extract(epoch FROM now()) * 1000 + delay_ms - priority * ${agingMs}::bigint,
          now() + delay_ms * interval '1 ms'
        FROM queues, unnest(
          ${ids}::text[],
          ${messages.map(({ body }) => JSON.stringify(body))}::text[],
          ${messages.map(({ priority }) => priority)}::int[],
          ${messages.map(({ delayMs }) => delayMs)}::int[]
        ) WITH ORDINALITY AS given (id, body, priority, delay_ms, position)
        WHERE name = ${queue}
        ORDER BY position
        RETURNING id`;
      if (rows.length === 0) throw unknownQueue(queue);
      return ids;
    },

    async publishOnce(queue, { body, priority, delayMs }, dedupId) {
      const id = crypto.randomUUID();
      // Whoever comes second waits for the first here, and is given the first one's message.
      const [first] = await sql<{ id: string }[]>`
        WITH first AS (
          INSERT INTO dedup AS known (queue, dedup_id, message_id, expires_at)
          SELECT name, ${dedupId}, ${id}, now() + ${dedupMs} * interval '1 ms'
          FROM queues WHERE name = ${queue}
          ON CONFLICT (queue, dedup_id) DO UPDATE SET
            message_id = CASE WHEN known.expires_at <= now()
              THEN excluded.message_id ELSE known.message_id END,
            expires_at = CASE WHEN known.expires_at <= now()
              THEN excluded.expires_at ELSE known.expires_at END
          RETURNING message_id
        ), inserted AS (
          INSERT INTO messages (id, queue, body, rank_ms, visible_at)
          SELECT ${id}, ${queue}, ${JSON.stringify(body)},
            extract(epoch FROM now()) * 1000 + ${delayMs}::int
              - ${priority}::int * ${agingMs}::bigint,
            now() + ${delayMs} * interval '1 ms'
          FROM first WHERE message_id = ${id}
        )
        SELECT message_id AS id FROM first`;
      if (first === undefined) throw unknownQueue(queue);
      return first.id;
    },
  };
}
