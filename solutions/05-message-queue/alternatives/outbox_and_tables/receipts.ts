/**
 * What a receiver says about its delivery. A receipt is good for one delivery: when its time is over it is over,
 * whether or not somebody else has the message by then. So each statement asks for receipt and time as it writes.
 */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

export interface Receipts {
  /** All three throw a 410 when the receipt is stale. */
  ack(receipt: string): Promise<void>;
  nack(receipt: string, reason: string | null): Promise<void>;
  extend(receipt: string, visibilityMs: number): Promise<void>;
  /** Gives those that were stale. */
  ackAll(receipts: readonly string[]): Promise<string[]>;
}

/** Doubles from attempt to attempt, so many times at most. */
const DOUBLINGS_MAX = 16;

export function openReceipts({ sql }: Context): Receipts {
  async function ackAll(receipts: readonly string[]): Promise<string[]> {
    // Postgres refuses U+0000, and no receipt of ours has one.
    const possible = receipts.filter((receipt) => !receipt.includes("\0"));
    // With its time over, the receipt is stale for everything that follows.
    const gone = await sql<{ receipt: string }[]>`
      UPDATE messages SET done = true, visible_at = now()
      WHERE receipt = ANY(${possible}::text[]) AND visible_at > now()
      RETURNING receipt`;
    const acked = new Set(gone.map(({ receipt }) => receipt));
    return receipts.filter((receipt) => !acked.has(receipt));
  }

  return {
    ackAll,
    async ack(receipt) {
      if ((await ackAll([receipt])).length > 0) throw staleReceipt();
    },
    async extend(receipt, visibilityMs) {
      const rows = await sql`
        UPDATE messages SET visible_at = now() + ${visibilityMs} * interval '1 ms'
        WHERE receipt = ${receipt} AND visible_at > now() RETURNING seq`;
      if (rows.length === 0) throw staleReceipt();
    },
    async nack(receipt, reason) {
      // The last attempt's message changes its queue in the same statement: it is never in both or in none.
      const rows = await sql`
        UPDATE messages SET
          queue = CASE WHEN is_last THEN dlq ELSE queue END,
          home = CASE WHEN is_last THEN queue ELSE home END,
          attempts = CASE WHEN is_last THEN 0 ELSE attempts END,
          visible_at = now() + CASE WHEN is_last THEN 0 ELSE
            backoff_ms * 2 ^ least(attempts - 1, ${DOUBLINGS_MAX}::int)
              * (0.5 + random()) END * interval '1 ms',
          receipt = NULL,
          history = CASE WHEN max_attempts IS NULL THEN history
            ELSE history || jsonb_build_object('attempt', attempts,
              'outcome', 'nacked', 'reason', ${reason}::text) END
        FROM (
          SELECT seq AS held, dlq, backoff_ms, max_attempts,
            coalesce(attempts >= max_attempts, false) AS is_last
          FROM messages JOIN queues ON name = queue WHERE receipt = ${receipt}
        ) AS delivery
        WHERE seq = held AND receipt = ${receipt} AND visible_at > now()
        RETURNING seq`;
      if (rows.length === 0) throw staleReceipt();
    },
  };
}

export function staleReceipt(): ProblemError {
  return new ProblemError({
    status: 410,
    code: "stale_receipt",
    detail: "This receipt holds no message any more",
  });
}
