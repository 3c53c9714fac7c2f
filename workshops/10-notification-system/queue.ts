/** The queue: who takes a delivery has it for a lease. A suggestion; any shape will do. */
import type { Sql } from "postgres";
import type { Channel, Message } from "./channels.ts";

export interface Claimed {
  readonly id: string;
  readonly notificationId: string;
  readonly user: string;
  readonly channel: Channel;
  readonly message: Message;
}

export function openQueue(_sql: Sql, _leaseMs: number) {
  return {
    /** Takes up to `count` deliveries that are due, for `leaseMs`. */
    claim(_channel: Channel, _count: number): Promise<Claimed[]> {
      // TODO 10.2: 10.3: in which order? 10.7: which claim is this?
      return Promise.resolve([]);
    },

    /** Writes what came of it. */
    finish(_claimed: Claimed, _status: "sent"): Promise<void> {
      // TODO 10.2: only forward. 10.4: failures. 10.7: only if the claim still holds.
      return Promise.resolve();
    },
  };
}

export type Queue = ReturnType<typeof openQueue>;
