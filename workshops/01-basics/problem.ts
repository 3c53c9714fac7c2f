/** Error answers: `application/problem+json` (RFC 9457) with a stable `code`. */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export interface Problem {
  readonly status: number;
  /** Stable word for programs: "not_found". */
  readonly code: string;
  /** One sentence for people. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(
  { status, code, detail, headers }: Problem,
): Response {
  const title = TITLES[status] ?? code;
  const body = { type: "about:blank", title, status, code, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

/** Thrown anywhere below a route; `system.ts` turns it into the answer. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export function notFound(): Response {
  return problem({
    status: 404,
    code: "not_found",
    detail: "There is nothing at this path",
  });
}

/** The answer of a part that is still to be built; the first failing check shows it. */
export function notImplemented(stage: string, toBuild: string): ProblemError {
  return new ProblemError({
    status: 501,
    code: "not_implemented",
    detail: `Stage ${stage}: ${toBuild}`,
  });
}
