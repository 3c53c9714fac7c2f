/** Where messages go that nobody could handle, and how they come back. */
import type { Context } from "@contract/system.ts";

export interface DeadLetters {
  /** Moves what ran out of attempts, from this queue and into this queue; gives its number. */
  bury(queue: string): Promise<number>;
  /** Sends the dead letters in a queue back to where they came from; gives their number. */
  redrive(dlq: string): Promise<number>;
}

export function openDeadLetters({ sql }: Context): DeadLetters {
  return {
    async bury(queue) {
      const buried = await sql`
        UPDATE messages SET
          queue = dlq, home = name, attempts = 0, receipt = NULL,
          history = history ||
            jsonb_build_object('attempt', attempts, 'outcome', 'expired')
        FROM queues
        WHERE queue = name AND (name = ${queue} OR dlq = ${queue})
          AND attempts >= max_attempts AND visible_at <= now() AND NOT done
        RETURNING seq`;
      return buried.length;
    },
    async redrive(dlq) {
      const moved = await sql`
        UPDATE messages SET
          queue = home, home = NULL, attempts = 0, receipt = NULL, history = '[]'
        WHERE queue = ${dlq} AND home IS NOT NULL AND visible_at <= now() AND NOT done
        RETURNING seq`;
      return moved.length;
    },
  };
}
