/** Sends the confirmation of each order from an outbox of its own. */
import type { Context } from "@contract/system.ts";

/** The channel on which the worker hears that there is a mail. */
export const MAILS = "mails";
/** Real time between two looks into an empty outbox, or after the store was away. */
const REST_MS = 40;
/** Before a mail that failed is tried again. */
const RETRY_SEC = 30;
/** Real time after which a call to the provider has failed: one that never ends would stop all mails. */
const MAIL_MS_MAX = 10_000;

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

/** A mail under way is not due before jobSec is over: whoever dies with it gives it back then. */
async function sendNext(
  { sql, upstreams, config }: Context,
): Promise<boolean> {
  const jobSec = Number(config.jobSec);
  const [job] = await sql`
    UPDATE mails SET due_at = now() + ${jobSec} * interval '1 s'
    FROM orders
    WHERE id = order_id AND order_id = (
      SELECT order_id FROM mails WHERE due_at <= now()
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, email`;
  if (job === undefined) return false;
  const { id, email: to } = job;
  const isSent = await upstreams.email!.fetch("/send", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": id },
    body: JSON.stringify({ to, orderId: id }),
    signal: AbortSignal.timeout(MAIL_MS_MAX),
  }).then(async ({ ok, body }) => {
    await body?.cancel();
    return ok;
  }).catch(() => false);
  if (isSent) {
    await sql`
      WITH sent AS (DELETE FROM mails WHERE order_id = ${id})
      UPDATE orders SET status = 'confirmed' WHERE id = ${id}`;
  } else {
    await sql`
      UPDATE mails SET due_at = now() + ${RETRY_SEC} * interval '1 s'
      WHERE order_id = ${id}`;
  }
  return true;
}
