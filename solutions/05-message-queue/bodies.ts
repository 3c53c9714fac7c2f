/** What a request's body asks for. Anything else is a 400 (no JSON object) or a 422 (a field that makes no sense). */
import { BATCH_MAX, type Body, invalid, list, text, whole } from "./fields.ts";

export interface QueueSettings {
  readonly visibilityMs: number;
  /** Deliveries before a message goes to `dlq`; null: as many as it takes. */
  readonly maxAttempts: number | null;
  readonly dlq: string | null;
  readonly backoffMs: number;
}

export interface NewMessage {
  readonly body: string;
  readonly priority: number;
  readonly delayMs: number;
}

export interface ReceiveRequest {
  readonly max: number;
  readonly waitMs: number;
}

const HOUR_MS = 3_600_000;
const NAME = /^[a-z0-9_-]{1,64}$/;

export function queueSettings(name: string, body: Body): QueueSettings {
  text({ name }, "name", NAME);
  const settings = {
    visibilityMs: whole(body, "visibilityMs", [1_000, 12 * HOUR_MS], 60_000),
    maxAttempts: body.maxAttempts == null
      ? null
      : whole(body, "maxAttempts", [1, 20]),
    dlq: body.dlq == null ? null : text(body, "dlq", NAME),
    backoffMs: whole(body, "backoffMs", [0, 60_000], 0),
  };
  const { maxAttempts, dlq } = settings;
  if ((maxAttempts === null) !== (dlq === null)) {
    throw invalid("maxAttempts", "comes with dlq, and dlq with maxAttempts");
  }
  if (dlq === name) throw invalid("dlq", "must be another queue");
  return settings;
}

export function newMessage(body: Body): NewMessage {
  return {
    body: text(body, "body", /^[^]{0,262144}$/),
    priority: whole(body, "priority", [0, 9], 0),
    delayMs: whole(body, "delayMs", [0, 24 * HOUR_MS], 0),
  };
}

export function newMessages({ messages }: Body): NewMessage[] {
  return list(messages, "messages").map((message) => {
    if (message?.constructor === Object) return newMessage(message as Body);
    throw invalid("messages", "must be a list of objects");
  });
}

export function dedupIdOf(body: Body): string | undefined {
  if (body.dedupId == null) return undefined;
  return text(body, "dedupId", /^[\x20-\x7e]{1,128}$/);
}

export function receiveRequest(body: Body): ReceiveRequest {
  return {
    max: whole(body, "max", [1, BATCH_MAX], 1),
    waitMs: whole(body, "waitMs", [0, 20_000], 0),
  };
}

export function visibilityOf(body: Body): number {
  return whole(body, "visibilityMs", [1_000, 12 * HOUR_MS]);
}

export function reasonOf({ reason }: Body): string | null {
  return reason == null ? null : text({ reason }, "reason", /^\P{Cc}{0,200}$/u);
}

export function receiptsOf({ receipts }: Body): string[] {
  return list(receipts, "receipts").map((receipt) =>
    text({ receipt }, "receipt", /^[^]{0,200}$/)
  );
}

export function newRecord(body: Body): { key: string; body: string } {
  return {
    key: text(body, "key", /^[^]{1,200}$/),
    body: text(body, "body", /^[^]{0,262144}$/),
  };
}

export function pollRequest(body: Body): { consumer: string; max: number } {
  return {
    consumer: text(body, "consumer", NAME),
    max: whole(body, "max", [1, BATCH_MAX], 100),
  };
}

export interface CommitRequest {
  readonly consumer: string;
  /** By partition. */
  readonly offsets: Readonly<Record<string, number>>;
}

export function commitRequest(body: Body, partitions: number): CommitRequest {
  const offsets = body.offsets;
  if (offsets?.constructor !== Object) {
    throw invalid("offsets", "must be an object: an offset for each partition");
  }
  for (const partition of Object.keys(offsets)) {
    if (!/^\d{1,4}$/.test(partition) || Number(partition) >= partitions) {
      throw invalid("offsets", `knows partitions 0 to ${partitions - 1}`);
    }
    whole(offsets as Body, partition, [1, Number.MAX_SAFE_INTEGER]);
  }
  return {
    consumer: text(body, "consumer", NAME),
    offsets: offsets as Record<string, number>,
  };
}

export function newOrder(body: Body): { reference: string; email: string } {
  return {
    reference: text(body, "reference", /^[\x21-\x7e]{1,64}$/),
    email: text(body, "email", /^[\x21-\x7e]{1,200}$/),
  };
}
