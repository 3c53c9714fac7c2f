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

/** The database looks, locks and takes, row by row: see schema.ts. */
async function claim(
  { sql }: Context,
  { queue, max }: { readonly queue: string; readonly max: number },
): Promise<Delivery[]> {
  const rows = await sql`SELECT * FROM take_messages(${queue}, ${max}::int)`;
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
