/** Orders, each with a job for its confirmation mail: both are stored, or neither. */
import type { Context } from "@contract/system.ts";
import { MAILS } from "./mail_worker.ts";
import { ProblemError } from "./problem.ts";

export interface Order {
  readonly id: string;
  readonly reference: string;
  readonly email: string;
  /** `confirmed` once the mail provider has taken the mail. */
  readonly status: "placed" | "confirmed";
}

export async function placeOrder(
  { sql }: Context,
  { reference, email }: Pick<Order, "reference" | "email">,
): Promise<string> {
  const id = crypto.randomUUID();
  // The job is a row beside the order. Sent anywhere else it would be lost, or be there without its order,
  // whenever somebody dies between the two.
  const rows = await sql`
    WITH placed AS (
      INSERT INTO orders (id, reference, email)
      VALUES (${id}, ${reference}, ${email})
      ON CONFLICT (reference) DO NOTHING RETURNING id
    )
    INSERT INTO mails (order_id, due_at)
    SELECT id, now() FROM placed RETURNING order_id`;
  if (rows.length === 1) {
    // Only a word to the worker, which looks by itself as well: it may get lost.
    await sql.notify(MAILS, "").catch(() => {});
    return id;
  }
  throw new ProblemError({
    status: 409,
    code: "duplicate_reference",
    detail: `There is an order with the reference "${reference}" already`,
  });
}

export async function findOrder(
  { sql }: Context,
  id: string,
): Promise<Order | undefined> {
  const [order] = await sql<Order[]>`
    SELECT id, reference, email, status FROM orders WHERE id = ${id}`;
  return order;
}
