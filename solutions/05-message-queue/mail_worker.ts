/** Sends the confirmation of each order: a consumer of our own queue, in every instance that is told to work. */
import type { Context } from "@contract/system.ts";
import { findOrder, MAILS } from "./orders.ts";
import type { Queues } from "./queues.ts";
import type { Receipts } from "./receipts.ts";
import type { Delivery, Receive } from "./receive.ts";

export interface MailWorkerParts {
  readonly queues: Queues;
  readonly receive: Receive;
  readonly receipts: Receipts;
}

/** Jobs that one worker takes at a time. */
const JOBS_MAX = 10;
const BACKOFF_MS = 1_000;
/** Real time that the worker rests after the store was away. */
const REST_MS = 50;
/** Real time after which a call to the provider has failed: one that never ends would stop all mails. */
const MAIL_MS_MAX = 10_000;

export async function startMailWorker(
  context: Context,
  parts: MailWorkerParts,
): Promise<void> {
  await parts.queues.put(MAILS, {
    visibilityMs: Number(context.config.jobSec) * 1000,
    maxAttempts: null,
    dlq: null,
    backoffMs: BACKOFF_MS,
  });
  const { instance, config } = context;
  if (String(config.workers).includes(instance)) work(context, parts);
}

async function work(context: Context, parts: MailWorkerParts): Promise<void> {
  const { signal, log } = context;
  while (!signal.aborted) {
    try {
      const request = { max: JOBS_MAX, waitMs: 1_000 };
      const jobs = await parts.receive(MAILS, request);
      await Promise.all(jobs.map((job) => handle(context, parts, job)));
    } catch (error) {
      log("worker failed", { error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}

/**
 * First the effect, then the ack. Dying in between means doing it again, and the provider knows the order's id as
 * its key: twice is once.
 */
async function handle(
  context: Context,
  { receipts }: MailWorkerParts,
  { receipt, body: orderId }: Delivery,
): Promise<void> {
  const order = await findOrder(context, orderId);
  if (order === undefined) return await receipts.ack(receipt);
  try {
    await sendMail(context, { id: orderId, to: order.email });
  } catch (error) {
    return await receipts.nack(receipt, String(error).slice(0, 200));
  }
  await context.sql`
    UPDATE orders SET status = 'confirmed' WHERE id = ${orderId}`;
  await receipts.ack(receipt);
}

async function sendMail(
  { upstreams }: Context,
  { id, to }: { readonly id: string; readonly to: string },
): Promise<void> {
  const answer = await upstreams.email!.fetch("/send", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": id },
    body: JSON.stringify({ to, orderId: id }),
    signal: AbortSignal.timeout(MAIL_MS_MAX),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the mail provider said ${answer.status}`);
}
