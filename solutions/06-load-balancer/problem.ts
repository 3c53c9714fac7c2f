/** Error answers: `application/problem+json` (RFC 9457) with a stable `code`. */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  412: "Precondition Failed",
  422: "Unprocessable Content",
  428: "Precondition Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export interface Problem {
  readonly status: number;
  /** Stable word for programs: "no_backend". */
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
