/** Passes one request to a backend and its answer back, as they come. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Balance } from "./balance.ts";
import type { Outcome } from "./breaker.ts";
import { endToEnd } from "./headers.ts";
import type { Metrics } from "./metrics.ts";
import type { Pool } from "./pool.ts";
import { problem } from "./problem.ts";
import { type RetryBudget, type Sending, sendingOf } from "./retries.ts";
import { hideSession, type Sessions } from "./sessions.ts";
import { untilOver } from "./until_over.ts";

export interface Forwarding {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly sessions: Sessions | undefined;
  readonly retries: RetryBudget;
  readonly metrics: Metrics;
  readonly config: Context["config"];
}

/** `headers` are those for the backend. */
export async function forward(
  request: Request,
  headers: Headers,
  { pool, balance, sessions, retries, metrics, config }: Forwarding,
): Promise<Response> {
  retries.earn();
  if (sessions) hideSession(headers);
  const home = await sessions?.backendOf(request);
  const sending = await sendingOf(request);
  const timeoutMs = Number(config.attemptTimeoutMs);
  const question = { request, headers, sending, timeoutMs, metrics };
  // Nothing is awaited between this choice and the count in ask(): the next choice must see it.
  let backend = choose(pool.ready);
  if (backend === undefined) return noBackend();
  let { response, hasFailed } = await ask(backend, question);
  const mayRepeat = sending.isRepeatable && !request.signal.aborted;
  if (hasFailed && mayRepeat) {
    const others = pool.ready.filter((one) => one !== backend);
    // The choice comes last: a retry that is not sent takes nobody's turn.
    if (others.length > 0 && retries.spend()) {
      response.body?.cancel().catch(() => {}); // Nobody wants the first answer any more.
      metrics.retried();
      backend = choose(others)!;
      ({ response, hasFailed } = await ask(backend, question));
    }
  }
  if (sessions && backend.id !== home) {
    response.headers.append("set-cookie", await sessions.cookieFor(backend.id));
  }
  return response;

  function choose(ready: readonly Backend[]): Backend | undefined {
    if (ready.length === 0) return undefined;
    return ready.find(({ id }) => id === home) ??
      balance(ready, headers.get("x-user") ?? "");
  }
}

interface Question {
  readonly request: Request;
  readonly headers: Headers;
  readonly sending: Sending;
  readonly timeoutMs: number;
  readonly metrics: Metrics;
}

/** What says that the backend cannot do its work, whatever it was asked. */
const FAILURES = [502, 503, 504];

/** Under way from here until the last byte of the answer, however that comes about. */
async function ask(
  backend: Backend,
  { request, headers, sending, timeoutMs, metrics }: Question,
): Promise<{ response: Response; hasFailed: boolean }> {
  const { pathname, search } = new URL(request.url);
  const { method } = request;
  let isCutOff = false;
  const body = sending.body instanceof ReadableStream
    ? ReadableStream.from(noticed(sending.body, () => isCutOff = true))
    : sending.body;
  const end = backend.begin();
  const tellBreaker = backend.breaker.begin();
  const judge = (outcome: Outcome) => {
    tellBreaker(outcome);
    metrics.attempted(backend.id, outcome);
  };
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  // A client that has gone needs no answer: the backend is told by the closed connection.
  const signal = AbortSignal.any([request.signal, timeout.signal]);
  try {
    const question = { method, path: pathname + search, headers, body };
    const answer = await backend.http.fetch(question, signal);
    const hasFailed = FAILURES.includes(answer.status);
    judge(hasFailed ? "failure" : "success");
    return { response: passedOn(answer, end), hasFailed };
  } catch {
    end();
    const hasClientGone = request.signal.aborted || isCutOff;
    judge(hasClientGone ? "unknown" : "failure");
    const response = timeout.signal.aborted ? tooLate() : brokenOff();
    return { response, hasFailed: true };
  } finally {
    clearTimeout(timer);
  }
}

/** A client that breaks off its upload: nothing against the backend, and `request.signal` does not tell. */
async function* noticed(
  body: ReadableStream<Uint8Array>,
  onBroken: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    onBroken();
    throw error;
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
