import {
  NotConnected,
  type UnixClient,
  unixClient,
} from "../sandbox/unix_client.ts";
import { HttpAnswer } from "./answer.ts";
import { currentScope, throwIfScopeEnded } from "./call_scope.ts";
import type { Evidence } from "./evidence.ts";
import type { Answer, Requester, RequestOptions } from "./types.ts";

/** A response may take this long until the outcome is `maybe`. */
const TIMEOUT_MS = 5_000;
/** Goes into the Host header only. */
const HOST = "http://system";

export interface RequesterOptions {
  readonly instance: string;
  readonly socketPath: string;
  readonly evidence: Evidence;
}

/** HTTP over one unix socket. */
export class SocketRequester implements Requester, Disposable {
  readonly #options: RequesterOptions;
  #client: UnixClient;
  #webSocketClient: Deno.HttpClient | undefined;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#client = unixClient(options.socketPath);
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request("GET", path, options);
  }

  post(
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<Answer> {
    return this.request("POST", path, { ...options, body });
  }

  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request("PUT", path, { ...options, body });
  }

  delete(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request("DELETE", path, options);
  }

  async request(
    method: string,
    path: string,
    options: RequestOptions & { readonly body?: unknown } = {},
  ): Promise<Answer> {
    throwIfScopeEnded();
    const { evidence, instance } = this.#options;
    const { headers, body } = encode(options);
    const call = `${method} ${path}`;
    const span = evidence.requestSent({
      call,
      instance,
      headers: options.headers ?? {},
      body: typeof body === "string" ? body : undefined,
    });
    const { timeoutMs = TIMEOUT_MS } = options;
    const answer = await this.#exchange(
      call,
      new Request(`${HOST}${path}`, {
        method,
        headers,
        body,
        signal: endOf(timeoutMs),
      }),
      timeoutMs,
    );
    evidence.answered(span, answer);
    throwIfScopeEnded();
    return answer;
  }

  openWebSocket(path: string, protocols: readonly string[]): WebSocket {
    this.#webSocketClient ??= Deno.createHttpClient({
      proxy: { transport: "unix", path: this.#options.socketPath },
    });
    const options = { protocols, client: this.#webSocketClient };
    // The DOM's types know neither options nor unix sockets.
    return new WebSocket(`ws://system${path}`, options as never);
  }

  /** The process behind the socket was replaced: kept connections are dead. */
  reset(): void {
    this[Symbol.dispose]();
    this.#client = unixClient(this.#options.socketPath);
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
    this.#webSocketClient?.close();
    this.#webSocketClient = undefined;
  }

  async #exchange(
    call: string,
    request: Request,
    timeoutMs: number,
  ): Promise<HttpAnswer> {
    const { instance } = this.#options;
    try {
      const response = await this.#client.fetch(request);
      const { status, headers } = response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      return HttpAnswer.received({ call, instance, status, headers, bytes });
    } catch (error) {
      return HttpAnswer.missing(
        { call, instance },
        whyMissing(error, timeoutMs),
      );
    }
  }
}

/** A string or bytes with a content type of the check's own go as they are; anything else is JSON. */
function encode({ headers = {}, body }: EncodeOptions) {
  const all = new Headers(headers);
  if (body === undefined) return { headers: all };
  if (body instanceof Uint8Array) {
    return { headers: all, body: body as Uint8Array<ArrayBuffer> };
  }
  if (typeof body === "string" && all.has("content-type")) {
    return { headers: all, body };
  }
  if (!all.has("content-type")) all.set("content-type", "application/json");
  return { headers: all, body: JSON.stringify(body) };
}

interface EncodeOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function endOf(timeoutMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  const scope = currentScope()?.signal;
  return scope === undefined ? timeout : AbortSignal.any([timeout, scope]);
}

function whyMissing(error: unknown, timeoutMs: number) {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    const reason = `none within ${timeoutMs.toLocaleString("en")} ms`;
    return { outcome: "maybe", reason } as const;
  }
  // Nothing was sent, so nothing can have been applied.
  if (error instanceof NotConnected) {
    return { outcome: "fail", reason: "nobody listens" } as const;
  }
  return { outcome: "maybe", reason: "the connection broke" } as const;
}
