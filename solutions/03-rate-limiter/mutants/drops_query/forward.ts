/** Passes an admitted request on, unchanged. */
import type { Upstream } from "@contract/system.ts";
import { problem } from "./problem.ts";

export async function forward(
  api: Upstream,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const { method, headers, body } = request;
  try {
    const answer = await api.fetch(pathname, {
      method,
      headers,
      body,
    });
    // A copy, because the headers of a received response cannot be added to.
    return new Response(answer.body, answer);
  } catch {
    // Whatever the reason, the client's part of the truth is: it may or may not have arrived.
    return problem({
      status: 502,
      code: "upstream_failed",
      detail: "The API broke off; the request may have been carried out",
    });
  }
}
