/** Queues and their settings. */
import type { Context } from "@contract/system.ts";
import type { QueueSettings } from "./bodies.ts";
import { invalid } from "./fields.ts";

export interface Queues {
  /** Says whether the queue is new. */
  put(name: string, settings: QueueSettings): Promise<{ isNew: boolean }>;
  has(name: string): Promise<boolean>;
}

export function openQueues({ sql }: Context): Queues {
  return {
    async put(name, { visibilityMs, maxAttempts, dlq, backoffMs }) {
      if (dlq !== null && !await this.has(dlq)) {
        throw invalid("dlq", "must be a queue that is there already");
      }
      // xmax is 0 in a row that nobody has replaced yet.
      const [row] = await sql<{ is_new: boolean }[]>`
        INSERT INTO queues (name, visibility_ms, max_attempts, dlq, backoff_ms)
        VALUES (${name}, ${visibilityMs}, ${maxAttempts}, ${dlq}, ${backoffMs})
        ON CONFLICT (name) DO UPDATE SET
          visibility_ms = excluded.visibility_ms, dlq = excluded.dlq,
          max_attempts = excluded.max_attempts, backoff_ms = excluded.backoff_ms
        RETURNING xmax = 0 AS is_new`;
      return { isNew: row!.is_new };
    },
    async has(name) {
      const rows = await sql`SELECT FROM queues WHERE name = ${name}`;
      return rows.length === 1;
    },
  };
}
