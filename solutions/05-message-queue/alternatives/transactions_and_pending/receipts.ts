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
    const gone = await sql<{ receipt: string }[]>`
      DELETE FROM messages
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
      await sql.begin(async (transaction) => {
        const [held] = await transaction`
          SELECT messages.*, queues.* FROM messages JOIN queues ON name = queue
          WHERE receipt = ${receipt} AND visible_at > now()
          FOR UPDATE OF messages`;
        if (held === undefined) throw staleReceipt();
        const { seq, attempts } = held;
        const isBounded = held.max_attempts !== null;
        const nacked = { attempt: attempts, outcome: "nacked", reason };
        // What cannot die needs no history: it would grow for ever.
        const history = isBounded ? [...held.history, nacked] : held.history;
        if (!isBounded || attempts < held.max_attempts) {
          const backoffMs = held.backoff_ms *
            2 ** Math.min(attempts - 1, DOUBLINGS_MAX) * (0.5 + Math.random());
          await transaction`
            UPDATE messages SET receipt = NULL,
              history = ${sql.json(history)},
              visible_at = now() + ${backoffMs}::float * interval '1 ms'
            WHERE seq = ${seq}`;
          return;
        }
        await transaction`DELETE FROM messages WHERE seq = ${seq}`;
        // With its old number, or it would go behind what was published later.
        await transaction`
          INSERT INTO messages
            (seq, id, queue, body, rank_ms, visible_at, home, history)
          OVERRIDING SYSTEM VALUE
          VALUES (${seq}, ${held.id}, ${held.dlq}, ${held.body},
            ${held.rank_ms}, now(), ${held.queue}, ${sql.json(history)})`;
      });
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
