/** Error answers: `application/problem+json` (RFC 9457) with a stable `code`. */
export function problem(
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const body = { type: "about:blank", title: code, status, code, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

/** Thrown anywhere below a route; `system.ts` turns it into the answer. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
  }

  toResponse(): Response {
    return problem(this.status, this.code, this.message, this.headers);
  }
}

/** The answer of a part that is still to be built; the first failing check shows it. */
export function notImplemented(stage: string, toBuild: string): ProblemError {
  return new ProblemError(501, "not_implemented", `Stage ${stage}: ${toBuild}`);
}
