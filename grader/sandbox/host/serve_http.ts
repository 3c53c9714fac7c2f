import type { System } from "@contract/system.ts";
import type { Problem } from "@contract/api.ts";

export interface ServeHttpOptions {
  readonly socket: string;
  readonly system: System;
  /** Says what went wrong with one request, in words for the learner. */
  readonly onError: (error: unknown) => string;
}

/** Answers requests on a unix socket; an exception becomes a 500 that names it. */
export function serveHttp(
  { socket, system, onError }: ServeHttpOptions,
): Deno.HttpServer<Deno.UnixAddr> {
  const options = { path: socket, onListen() {} };
  return Deno.serve(options, async function answer(request) {
    try {
      const response = await system.fetch(request);
      if (response instanceof Response) return response;
      throw new TypeError(
        `fetch() must return a Response; it returned ${String(response)}`,
      );
    } catch (error) {
      return internalError(onError(error));
    }
  });
}

function internalError(detail: string): Response {
  const problem: Problem = {
    type: "about:blank",
    title: "Internal Server Error",
    status: 500,
    code: "internal",
    detail,
  };
  return Response.json(problem, {
    status: 500,
    headers: { "content-type": "application/problem+json" },
  });
}
