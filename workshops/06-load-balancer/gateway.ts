/** What a request passes before it is forwarded, and what is told of it afterwards. */
import type { Context } from "@contract/system.ts";
import { openAccess } from "./access.ts";
import { forward, type Forwarding } from "./forward.ts";
import { forwardedHeaders, requestIdOf } from "./headers.ts";

export function openGateway(context: Context, parts: Forwarding) {
  const access = openAccess(context);

  return async function handle(request: Request): Promise<Response> {
    const requestId = requestIdOf(request);
    const headers = forwardedHeaders(request, requestId);
    // TODO 06.8: who it is (X-User, X-Roles), the limit, traceparent, counts, a line in the log.
    await access?.admit(request);
    const response = await forward(request, headers, parts);
    response.headers.set("x-request-id", requestId);
    return response;
  };
}
