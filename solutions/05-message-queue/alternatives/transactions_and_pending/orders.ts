/** Orders, each with a job for its confirmation mail: both are stored, or neither. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

export interface Order {
  readonly id: string;
  readonly reference: string;
  readonly email: string;
  /** `confirmed` once the mail provider has taken the mail. */
  readonly status: "placed" | "confirmed";
}

/** The queue with a message for each mail; its body is the order's id. */
export const MAILS = "order-mails";

export async function placeOrder(
  { sql }: Context,
  { reference, email }: Pick<Order, "reference" | "email">,
): Promise<string> {
  const id = crypto.randomUUID();
  const isPlaced = await sql.begin(async (transaction) => {
    const rows = await transaction`
      INSERT INTO orders (id, reference, email)
      VALUES (${id}, ${reference}, ${email})
      ON CONFLICT (reference) DO NOTHING RETURNING id`;
    if (rows.length === 0) return false;
    await transaction`
      INSERT INTO messages (id, queue, body, rank_ms, visible_at)
      SELECT ${id}, ${MAILS}, ${JSON.stringify(id)},
        extract(epoch FROM now()) * 1000, now()`;
    return true;
  });
  if (isPlaced) return id;
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
