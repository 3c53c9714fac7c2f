/** Orders, each with a job for its confirmation mail. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface Order {
  readonly id: string;
  readonly reference: string;
  readonly email: string;
  /** `confirmed` once the mail provider has taken the mail. */
  readonly status: "placed" | "confirmed";
}

/** Gives the id of the new order; throws a 409 `duplicate_reference`. */
export function placeOrder(
  _context: Context,
  _order: Pick<Order, "reference" | "email">,
): Promise<string> {
  // TODO 05.8: the order and its job, both or neither.
  throw notImplemented(
    "05.8 Outbox and idempotent worker",
    "place orders in orders.ts",
  );
}

export function findOrder(
  _context: Context,
  _id: string,
): Promise<Order | undefined> {
  throw notImplemented(
    "05.8 Outbox and idempotent worker",
    "find orders in orders.ts",
  );
}
