/** Error answers: `application/problem+json` (RFC 9457) with a stable `code`. */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  501: "Not Implemented",
};

/** Thrown anywhere below a route; `system.ts` turns it into the answer. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    /** Stable word for programs: "missing_variable". */
    readonly code: string,
    /** One sentence for people. */
    detail: string,
  ) {
    super(detail);
  }

  toResponse(): Response {
    const { status, code, message: detail } = this;
    const title = TITLES[status] ?? code;
    const body = { type: "about:blank", title, status, code, detail };
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/problem+json" },
    });
  }
}

export function notFound(what: string): ProblemError {
  return new ProblemError(404, "not_found", `There is no ${what}`);
}

export function unprocessable(code: string, detail: string): ProblemError {
  return new ProblemError(422, code, detail);
}
