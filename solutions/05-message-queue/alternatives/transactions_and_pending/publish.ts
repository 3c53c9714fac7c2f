/** Messages go in: each call is one statement or one transaction, so it has happened or it has not. */
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

    publishOnce(queue, { body, priority, delayMs }, dedupId) {
      const id = crypto.randomUUID();
      return sql.begin(async (transaction) => {
        const mine = await transaction`
          INSERT INTO dedup (queue, dedup_id, message_id, expires_at)
          SELECT name, ${dedupId}, ${id}, now() + ${dedupMs} * interval '1 ms'
          FROM queues WHERE name = ${queue}
          ON CONFLICT DO NOTHING RETURNING message_id`;
        if (mine.length === 0) {
          // The other one has committed: its row can be seen, and locked against a third.
          const [known] = await transaction`
            SELECT message_id, expires_at <= now() AS is_over FROM dedup
            WHERE queue = ${queue} AND dedup_id = ${dedupId} FOR UPDATE`;
          if (known === undefined) throw unknownQueue(queue);
          if (!known.is_over) return known.message_id;
          await transaction`
            UPDATE dedup SET message_id = ${id},
              expires_at = now() + ${dedupMs} * interval '1 ms'
            WHERE queue = ${queue} AND dedup_id = ${dedupId}`;
        }
        await transaction`
          INSERT INTO messages (id, queue, body, rank_ms, visible_at)
          SELECT ${id}, ${queue}, ${JSON.stringify(body)},
            extract(epoch FROM now()) * 1000 + ${delayMs}::int
              - ${priority}::int * ${agingMs}::bigint,
            now() + ${delayMs} * interval '1 ms'`;
        return id;
      }) as Promise<string>;
    },
  };
}
