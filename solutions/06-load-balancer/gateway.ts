/** What a request passes before it is forwarded, and what is told of it afterwards. */
import type { Context } from "@contract/system.ts";
import { openAccess } from "./access.ts";
import { forward, type Forwarding } from "./forward.ts";
import { forwardedHeaders, nextTraceparent, requestIdOf } from "./headers.ts";
import { problem, ProblemError } from "./problem.ts";
import { openRateLimit } from "./rate_limit.ts";

export function openGateway(context: Context, parts: Forwarding) {
  const { log } = context;
  const access = openAccess(context);
  const limit = openRateLimit(context);

  return async function handle(request: Request): Promise<Response> {
    const requestId = requestIdOf(request);
    const response = await answer(request, requestId).catch(asAnswer);
    response.headers.set("x-request-id", requestId);
    const { method } = request;
    const { status } = response;
    parts.metrics.answered(status);
    // The path without its query, and no headers: what is secret stands there.
    const path = new URL(request.url).pathname;
    log("request", { requestId, method, path, status });
    return response;
  };

  async function answer(
    request: Request,
    requestId: string,
  ): Promise<Response> {
    const headers = forwardedHeaders(request, requestId);
    headers.set("traceparent", nextTraceparent(request));
    const caller = await access?.admit(request);
    if (caller) {
      // The limit is for requests to backends; without one it will be 503.
      if (parts.pool.ready.length > 0) await limit?.take(caller.user);
      // Said by us, whatever the client has said; and its token is for us alone.
      headers.set("x-user", caller.user);
      headers.set("x-roles", caller.roles.join(","));
      headers.delete("authorization");
    }
    return await forward(request, headers, parts);
  }

  function asAnswer(error: unknown): Response {
    if (error instanceof ProblemError) return problem(error.problem);
    log("request failed", { error: String(error) });
    return problem({
      status: 500,
      code: "internal",
      detail: "Something broke on our side",
    });
  }
}
