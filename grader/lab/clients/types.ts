/**
 * What a check sends to an instance, and what comes back.
 *
 * @module
 */

/** Sends HTTP requests. Never rejects for what the system does: see {@link Answer.outcome}. */
export interface Requester {
  get(path: string, options?: RequestOptions): Promise<Answer>;
  /**
   * `body` is sent as JSON. Bytes go as they are; so does a string when `options.headers` name a content type.
   */
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
  request(
    method: string,
    path: string,
    options?: RequestOptions & { readonly body?: unknown },
  ): Promise<Answer>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Real time until the outcome is `maybe`. Default 5,000. */
  readonly timeoutMs?: number;
}

/** One request under way, on a connection of its own. */
export interface OpenRequest extends Disposable {
  /** Sends the next piece of the body. Rejects when the connection is gone. */
  write(text: string): Promise<void>;
  /** The body is complete. */
  end(): Promise<void>;
  /** The answer as far as it has come, head and all. */
  readonly received: string;
  /** Of the answer; 0 until it is here. */
  readonly status: number;
  /** Resolves when no more of the answer will come. */
  readonly ended: Promise<void>;
  /** Hangs up. */
  close(): void;
}

/** What came back, or that nothing did. */
export interface Answer {
  /** HTTP status; 0 when no response came. */
  readonly status: number;
  readonly headers: Headers;
  /** Body as it came. */
  readonly bytes: Uint8Array;
  /** Body as text. */
  readonly text: string;
  /** Body parsed as JSON; undefined when it is not JSON. */
  // deno-lint-ignore no-explicit-any -- checks assert on its shape
  readonly json: any;
  readonly instance: string;
  /**
   * `ok`: applied (below 400). `fail`: definitely not applied (4xx, 501, 503 with Retry-After, nobody listens).
   * `maybe`: unknown (other 5xx, reset, time-out).
   */
  readonly outcome: "ok" | "fail" | "maybe";
  /** Why no response came: "none within 5,000 ms", "the connection broke", "nobody listens". */
  readonly reason?: string;
  /** "GET /api/x" */
  readonly call: string;
}

/** Answers of a burst. */
export interface Answers extends Array<Answer> {
  withStatus(status: number): Answer[];
  /** Statuses and how often each came: `{200: 10, 429: 10}`. */
  readonly statuses: Readonly<Record<number, number>>;
}
