/** Messages go out: each to one receiver, until its visibility time is over. */
import type { Context } from "@contract/system.ts";
import type { ReceiveRequest } from "./bodies.ts";
import type { DeadLetters } from "./dead_letters.ts";
import { unknownQueue } from "./problem.ts";
import type { Queues } from "./queues.ts";

export interface Delivery {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** Deliveries so far, this one too. */
  readonly attempts: number;
  /** Only of a dead letter. */
  readonly dead?: { readonly queue: string; readonly history: unknown };
}

export type Receive = (
  queue: string,
  request: ReceiveRequest,
) => Promise<Delivery[]>;

/** Between two looks of a waiting receiver, real time. */
const LOOK_MS = 30;

export function openReceive(
  context: Context,
  { queues, deadLetters }: { queues: Queues; deadLetters: DeadLetters },
): Receive {
  return async (queue, { max, waitMs }) => {
    // How long a client waits for us is real time; only due times are virtual.
    const untilMs = performance.now() + waitMs;
    let isKnown = false;
    while (true) {
      const deliveries = await claim(context, { queue, max });
      if (deliveries.length > 0) return deliveries;
      // A delivery that ran out has no request of its own to bury it, so whoever finds nothing does it.
      if (await deadLetters.bury(queue) > 0) continue;
      isKnown ||= await queues.has(queue);
      if (!isKnown) throw unknownQueue(queue);
      const isOver = performance.now() >= untilMs;
      if (isOver || context.signal.aborted) return [];
      await pause(Math.min(LOOK_MS, untilMs - performance.now()));
    }
  };
}

/**
 * Finds, takes and leases in one statement. Rows that another receiver is just taking are skipped, not waited for:
 * they are its messages, and there are others.
 */
async function claim(
  { sql }: Context,
  { queue, max }: { readonly queue: string; readonly max: number },
): Promise<Delivery[]> {
  const rows = await sql`
    WITH next AS MATERIALIZED (
      SELECT seq, visibility_ms, max_attempts FROM messages JOIN queues ON name = queue
      WHERE queue = ${queue} AND visible_at <= now() AND NOT done
        AND (max_attempts IS NULL OR attempts < max_attempts)
      ORDER BY rank_ms, seq LIMIT ${max}
      FOR UPDATE OF messages SKIP LOCKED
    )
    UPDATE messages SET
      attempts = attempts + 1,
      receipt = gen_random_uuid(),
      visible_at = now() + visibility_ms * interval '1 ms',
      -- A receipt is still there when the delivery before ran out. What cannot die needs no history.
      history = CASE WHEN receipt IS NULL OR max_attempts IS NULL THEN history ELSE history ||
        jsonb_build_object('attempt', attempts, 'outcome', 'expired') END
    FROM next WHERE messages.seq = next.seq
    RETURNING messages.seq, rank_ms, id, receipt, body, attempts, home, history`;
  return [...rows]
    .sort((a, b) => a.rank_ms - b.rank_ms || a.seq - b.seq)
    .map(({ id, receipt, body, attempts, home, history }) => ({
      id,
      receipt,
      body: JSON.parse(body),
      attempts,
      ...(home === null ? {} : { dead: { queue: home, history } }),
    }));
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
