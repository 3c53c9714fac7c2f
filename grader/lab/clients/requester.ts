import { HttpAnswer } from "./answer.ts";
import { throwIfScopeEnded } from "../expect/call_scope.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { HttpRequest } from "./http_message.ts";
import { SocketHttp } from "./socket_http.ts";
import type { Answer, Requester, RequestOptions } from "./types.ts";

/** A response may take this long until the outcome is `maybe`. */
const TIMEOUT_MS = 5_000;

export interface RequesterOptions {
  readonly instance: string;
  readonly socketPath: string;
  readonly evidence: Evidence;
}

/** The requests of a check to one instance: each leaves its evidence, none rejects for what the instance does. */
export class SocketRequester implements Requester, Disposable {
  readonly #options: RequesterOptions;
  readonly #http: SocketHttp;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#http = new SocketHttp(options.socketPath);
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
    const answer = await this.#exchange(
      { method, path, headers, body },
      { call, timeoutMs: options.timeoutMs ?? TIMEOUT_MS },
    );
    evidence.answered(span, answer);
    return answer;
  }

  /** The process behind the socket was replaced: kept connections are dead. */
  reset(): void {
    this.#http.reset();
  }

  [Symbol.dispose](): void {
    this.#http[Symbol.dispose]();
  }

  async #exchange(
    request: HttpRequest,
    { call, timeoutMs }: {
      readonly call: string;
      readonly timeoutMs: number;
    },
  ): Promise<HttpAnswer> {
    const { instance } = this.#options;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    try {
      const response = await this.#http.send(request, timeout.signal);
      return HttpAnswer.received({ call, instance, ...response });
    } catch (error) {
      return HttpAnswer.missing(
        { call, instance },
        timeout.signal.aborted ? tooLate(timeoutMs) : broken(error),
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

interface EncodeOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A string or bytes with a content type of the check's own go as they are; anything else is JSON. */
function encode({ headers = {}, body }: EncodeOptions) {
  const all = new Headers(headers);
  if (body === undefined || body instanceof Uint8Array) {
    return { headers: all, body };
  }
  if (typeof body === "string" && all.has("content-type")) {
    return { headers: all, body };
  }
  if (!all.has("content-type")) all.set("content-type", "application/json");
  return { headers: all, body: JSON.stringify(body) };
}

function tooLate(timeoutMs: number) {
  const reason = `none within ${timeoutMs.toLocaleString("en")} ms`;
  return { outcome: "maybe", reason } as const;
}

/** Where nobody listened nothing was sent, so nothing can have been applied. */
function broken(error: unknown) {
  const isUnsent = error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.NotFound;
  return isUnsent
    ? { outcome: "fail", reason: "nobody listens" } as const
    : { outcome: "maybe", reason: "the connection broke" } as const;
}
