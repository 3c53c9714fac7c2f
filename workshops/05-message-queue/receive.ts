/** Messages go out: each to one receiver, until its visibility time is over. */
import type { Context } from "@contract/system.ts";
import type { ReceiveRequest } from "./bodies.ts";
import type { DeadLetters } from "./dead_letters.ts";
import { notImplemented } from "./problem.ts";
import type { Queues } from "./queues.ts";

export interface Delivery {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** Deliveries so far, this one too. */
  readonly attempts: number;
  /** Only of a dead letter (05.5). */
  readonly dead?: { readonly queue: string; readonly history: unknown };
}

export type Receive = (
  queue: string,
  request: ReceiveRequest,
) => Promise<Delivery[]>;

export function openReceive(
  _context: Context,
  _parts: { queues: Queues; deadLetters: DeadLetters },
): Receive {
  return () => {
    // TODO 05.1: in memory, and wait up to waitMs of real time. 05.3: find and take in one step in Postgres.
    throw notImplemented(
      "05.1 Publish, receive, ack",
      "give messages in receive.ts",
    );
  };
}
