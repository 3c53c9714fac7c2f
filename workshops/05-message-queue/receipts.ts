/** What a receiver says about its delivery. */
import type { Context } from "@contract/system.ts";
import { notImplemented, ProblemError } from "./problem.ts";

export interface Receipts {
  /** All three throw `staleReceipt` when the receipt is stale. */
  ack(receipt: string): Promise<void>;
  nack(receipt: string, reason: string | null): Promise<void>;
  extend(receipt: string, visibilityMs: number): Promise<void>;
  /** Gives those that were stale. */
  ackAll(receipts: readonly string[]): Promise<string[]>;
}

export function openReceipts(_context: Context): Receipts {
  const visibility = "05.4 Visibility and fencing";
  return {
    ack() {
      // TODO 05.1: the message is gone.
      throw notImplemented(
        "05.1 Publish, receive, ack",
        "acknowledge in receipts.ts",
      );
    },
    nack() {
      // TODO 05.4: visible again. 05.5: after a while, or in the dlq.
      throw notImplemented(visibility, "set messages free in receipts.ts");
    },
    extend() {
      throw notImplemented(visibility, "extend deliveries in receipts.ts");
    },
    ackAll() {
      // TODO 05.9: as strict as `ack`, for all in one statement.
      throw notImplemented("05.9 Load", "acknowledge lists in receipts.ts");
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
