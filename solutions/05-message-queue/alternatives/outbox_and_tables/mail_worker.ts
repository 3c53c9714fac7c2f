/** Sends the confirmation of each order from an outbox of its own. */
import type { Context } from "@contract/system.ts";

/** The channel on which the worker hears that there is a mail. */
export const MAILS = "mails";
/** Real time between two looks into an empty outbox, or after the store was away. */
const REST_MS = 40;
/** Before a mail that failed is tried again. */
const RETRY_SEC = 30;

export async function startMailWorker(
  context: Context,
  _parts: unknown,
): Promise<void> {
  const { instance, config, sql } = context;
  if (!String(config.workers).includes(instance)) return;
  let wake = () => {};
  await sql.listen(MAILS, () => wake());
  work(context, () =>
    new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, REST_MS);
    }));
}

async function work(
  context: Context,
  rest: () => Promise<void>,
): Promise<void> {
  const { signal, log } = context;
  while (!signal.aborted) {
    const didOne = await sendNext(context).catch((error) => {
      log("worker failed", { error: String(error) });
      return false;
    });
    if (!didOne) await rest();
  }
}

/** The row stays locked while the provider is asked: whoever dies gives it back at once. */
function sendNext({ sql, upstreams }: Context): Promise<boolean> {
  return sql.begin(async (transaction) => {
    const [job] = await transaction`
      SELECT order_id, email FROM mails JOIN orders ON id = order_id
      WHERE due_at <= now() ORDER BY due_at LIMIT 1
      FOR UPDATE OF mails SKIP LOCKED`;
    if (job === undefined) return false;
    const { order_id: orderId, email: to } = job;
    const isSent = await upstreams.email!.fetch("/send", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": orderId,
      },
      body: JSON.stringify({ to, orderId }),
    }).then(({ ok }) => ok, () => false);
    if (isSent) {
      await transaction`
        UPDATE orders SET status = 'confirmed' WHERE id = ${orderId}`;
      await transaction`DELETE FROM mails WHERE order_id = ${orderId}`;
    } else {
      await transaction`
        UPDATE mails SET due_at = now() + ${RETRY_SEC} * interval '1 s'
        WHERE order_id = ${orderId}`;
    }
    return true;
  }) as Promise<boolean>;
}
