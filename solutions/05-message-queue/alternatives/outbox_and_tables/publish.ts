/** Messages go in: one statement stores them, and the dedupId with them, so it has happened or it has not. */
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
      const key = `${queue} ${dedupId}`;
      while (true) {
        const inserted = await sql`
          INSERT INTO messages
            (id, queue, body, rank_ms, visible_at, dedup_key, dedup_until)
          SELECT ${id}, name, ${JSON.stringify(body)},
            extract(epoch FROM now()) * 1000 + ${delayMs}::int
              - ${priority}::int * ${agingMs}::bigint,
            now() + ${delayMs} * interval '1 ms',
            ${key}, now() + ${dedupMs} * interval '1 ms'
          FROM queues WHERE name = ${queue}
          ON CONFLICT (dedup_key) DO NOTHING RETURNING id`;
        if (inserted.length > 0) return id;
        const [known] = await sql<{ id: string }[]>`
          SELECT id FROM messages WHERE dedup_key = ${key} AND dedup_until > now()`;
        if (known !== undefined) return known.id;
        const forgotten = await sql`
          UPDATE messages SET dedup_key = NULL
          WHERE dedup_key = ${key} AND dedup_until <= now() RETURNING id`;
        const isThere = await sql`SELECT FROM queues WHERE name = ${queue}`;
        if (forgotten.length === 0 && isThere.length === 0) {
          throw unknownQueue(queue);
        }
      }
    },
  };
}
