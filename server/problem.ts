import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  type Problem,
  PROBLEM_CODES,
  type ProblemCode,
} from "@contract/api.ts";
import type { Log } from "./log.ts";

const TITLES: Readonly<Record<ProblemCode, string>> = {
  invalid_input: "The request does not have the expected form",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  payload_too_large: "The request is too large",
  conflict: "Not possible in this state",
  submission_rejected: "The submission breaks a rule of uploads",
  idempotency_mismatch: "This idempotency key belongs to another request",
  too_many_requests: "Too many requests",
  unavailable: "Not available at the moment",
  internal: "The server failed",
};

/** An answer that a client should get: thrown anywhere, worded in one place. `detail` is for people. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly code: ProblemCode;

  constructor(code: ProblemCode, detail?: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** The one place where errors become answers. What was not foreseen is logged, and told to nobody. */
export function problemHandler(log: Log) {
  return function answerProblem(error: Error, context: Context): Response {
    const problem = foreseen(error);
    if (problem === undefined) {
      log("error", "request_failed", {
        method: context.req.method,
        path: context.req.path,
        error: error.stack ?? String(error),
      });
    }
    return problemResponse(problem ?? new HttpProblem("internal"));
  };
}

/** `application/problem+json` as RFC 9457 has it. */
export function problemResponse({ code, message }: HttpProblem): Response {
  const problem: Problem = {
    type: "about:blank",
    title: TITLES[code],
    status: PROBLEM_CODES[code],
    code,
    ...(message && { detail: message }),
  };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json" },
  });
}

function foreseen(error: Error): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 403) {
    return new HttpProblem("forbidden", "The request came from another page");
  }
  if (error.status === 413) return new HttpProblem("payload_too_large");
  return error.status < 500
    ? new HttpProblem("invalid_input", error.message)
    : undefined;
}
