/** Sends the confirmation of each order: a consumer in every instance that `config.workers` names. */
import type { Context } from "@contract/system.ts";
import type { Queues } from "./queues.ts";
import type { Receipts } from "./receipts.ts";
import type { Receive } from "./receive.ts";

export interface MailWorkerParts {
  readonly queues: Queues;
  readonly receive: Receive;
  readonly receipts: Receipts;
}

export function startMailWorker(
  { config, instance }: Context,
  _parts: MailWorkerParts,
): Promise<void> {
  if (!String(config.workers).includes(instance)) return Promise.resolve();
  // TODO 05.8: take jobs, send mails (POST /send at context.upstreams.email), acknowledge; go on until context.signal.
  return Promise.resolve();
}
