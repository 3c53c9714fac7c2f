/** What may be asked a second time, and how often that may happen. */

/** Asking is all that they do (RFC 9110 section 9.2.1). */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];
/** With an idempotency key the body is kept for the second attempt, up to this size. */
const KEPT_BYTES_MAX = 64 * 1024;
/** Requests that earn one retry. */
const REQUESTS_PER_RETRY = 10;

/** When everything fails, retries only add to the load: they have to be earned by requests, and few can be saved up. */
export class RetryBudget {
  /** In tenths of a retry, so that it is a whole number. */
  #saved: number;

  constructor(readonly retriesMax: number) {
    this.#saved = retriesMax * REQUESTS_PER_RETRY;
  }

  earn(): void {
    const most = this.retriesMax * REQUESTS_PER_RETRY;
    this.#saved = Math.min(this.#saved + 1, most);
  }

  /** False if there is none left. */
  spend(): boolean {
    if (this.#saved < REQUESTS_PER_RETRY) return false;
    this.#saved -= REQUESTS_PER_RETRY;
    return true;
  }
}

/** A body as it is sent on: as it comes, or whole if it may have to be sent twice. */
export interface Sending {
  readonly body: ReadableStream<Uint8Array> | ArrayBuffer | null;
  readonly isRepeatable: boolean;
}

export async function sendingOf(request: Request): Promise<Sending> {
  const { method, headers, body } = request;
  if (SAFE_METHODS.includes(method) && !announcesBody(headers)) {
    return { body: null, isRepeatable: true };
  }
  // The backend knows the key, so it will not do twice what comes twice.
  const length = headers.get("content-length");
  const isKept = headers.has("idempotency-key") && length !== null &&
    Number(length) <= KEPT_BYTES_MAX;
  if (!isKept) return { body, isRepeatable: false };
  return { body: await request.arrayBuffer(), isRepeatable: true };
}

/** The head says whether a body follows (RFC 9112 section 6.3); in Deno an OPTIONS always has a stream. */
function announcesBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") ||
    Number(headers.get("content-length")) > 0;
}
