/** Error answers: `application/problem+json` (RFC 9457) with a stable `code`. */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  409: "Conflict",
  410: "Gone",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  501: "Not Implemented",
};

export interface Problem {
  readonly status: number;
  /** Stable word for programs: "stale_receipt". */
  readonly code: string;
  /** One sentence for people. */
  readonly detail: string;
}

export function problem({ status, code, detail }: Problem): Response {
  const title = TITLES[status] ?? code;
  const body = { type: "about:blank", title, status, code, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}

/** Thrown anywhere below a route; `system.ts` turns it into the answer. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export function unknownQueue(name: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: "unknown_queue",
    detail: `There is no queue "${name}"`,
  });
}
