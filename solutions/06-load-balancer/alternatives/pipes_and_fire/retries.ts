/** Two counters instead of an account: what was earned and what was spent. */

export class RetryBudget {
  #requests: number;
  #retries = 0;

  constructor(readonly retriesMax: number) {
    this.#requests = 10 * retriesMax;
  }

  earn(): void {
    // Never more ahead of what was spent than the most that may be saved up.
    const mostAhead = 10 * (this.#retries + this.retriesMax);
    if (this.#requests < mostAhead) this.#requests += 1;
  }

  spend(): boolean {
    const isCovered = 10 * (this.#retries + 1) <= this.#requests;
    if (isCovered) this.#retries += 1;
    return isCovered;
  }
}

export interface Sending {
  readonly body: ReadableStream<Uint8Array> | ArrayBuffer | null;
  readonly isRepeatable: boolean;
}

export async function sendingOf(request: Request): Promise<Sending> {
  const { headers } = request;
  const isSafe = /^(GET|HEAD|OPTIONS)$/.test(request.method);
  if (isSafe && isBare(headers)) return { body: null, isRepeatable: true };
  const length = Number(headers.get("content-length") ?? Infinity);
  if (!headers.has("idempotency-key") || length > 65_536) {
    return { body: request.body, isRepeatable: false };
  }
  return { body: await request.arrayBuffer(), isRepeatable: true };
}

/** `request.body` does not tell: that of an OPTIONS is a stream in which nothing comes. */
function isBare(headers: Headers): boolean {
  const length = headers.get("content-length") ?? "0";
  return length === "0" && !headers.has("transfer-encoding");
}
