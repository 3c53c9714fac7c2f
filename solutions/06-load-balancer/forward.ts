/** Passes one request to a backend and its answer back, as they come. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Balance } from "./balance.ts";
import { endToEnd, forwardedHeaders, requestIdOf } from "./headers.ts";
import type { Pool } from "./pool.ts";
import { problem } from "./problem.ts";
import { hideSession, type Sessions } from "./sessions.ts";
import { untilOver } from "./until_over.ts";

export interface Forwarding {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly sessions: Sessions | undefined;
  readonly config: Context["config"];
}

export async function forward(
  request: Request,
  { pool, balance, sessions, config }: Forwarding,
): Promise<Response> {
  const requestId = requestIdOf(request);
  const headers = forwardedHeaders(request, requestId);
  if (sessions) hideSession(headers);
  const home = await sessions?.backendOf(request);
  const { ready } = pool;
  if (ready.length === 0) return noBackend();
  // Nothing is awaited between this choice and the count in ask(): the next choice must see it.
  const backend = ready.find(({ id }) => id === home) ??
    balance(ready, request.headers.get("x-user") ?? "");
  const timeoutMs = Number(config.attemptTimeoutMs);
  const response = await ask(backend, { request, headers, timeoutMs });
  response.headers.set("x-request-id", requestId);
  if (sessions && backend.id !== home) {
    response.headers.append("set-cookie", await sessions.cookieFor(backend.id));
  }
  return response;
}

interface Attempt {
  readonly request: Request;
  readonly headers: Headers;
  readonly timeoutMs: number;
}

/** Under way from here until the last byte of the answer, however that comes about. */
async function ask(
  backend: Backend,
  { request, headers, timeoutMs }: Attempt,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, body } = request;
  const end = backend.begin();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  // A client that has gone needs no answer: the backend is told by the closed connection.
  const signal = AbortSignal.any([request.signal, timeout.signal]);
  try {
    const answer = await backend.upstream.fetch(pathname + search, {
      ...{ method, headers, body, signal },
    });
    return passedOn(answer, end);
  } catch {
    end();
    return timeout.signal.aborted ? tooLate() : brokenOff();
  } finally {
    clearTimeout(timer);
  }
}

function passedOn(answer: Response, end: () => void): Response {
  const { status, statusText, body } = answer;
  if (body === null) end();
  return new Response(body && untilOver(body, end), {
    ...{ status, statusText, headers: endToEnd(answer.headers) },
  });
}

function noBackend(): Response {
  return problem({
    status: 503,
    code: "no_backend",
    detail: "No backend is up",
    headers: { "retry-after": "1" },
  });
}

function brokenOff(): Response {
  return problem({
    status: 502,
    code: "bad_gateway",
    detail: "The backend broke off; the request may have been carried out",
  });
}

function tooLate(): Response {
  return problem({
    status: 504,
    code: "gateway_timeout",
    detail: "The backend did not answer in time; it may still do the work",
  });
}
