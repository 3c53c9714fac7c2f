/** What of a message's header is for the next hop only, and what a proxy adds. */

/** A copy without what was meant for us alone. */
export function endToEnd(headers: Headers): Headers {
  // TODO 06.1: RFC 9110, section 7.6.1.
  return new Headers(headers);
}

/** What the backend gets to see. */
export function forwardedHeaders(
  request: Request,
  _requestId: string,
): Headers {
  // TODO 06.1: who asked, for which host, how, and under which id.
  return endToEnd(request.headers);
}

/** The caller's, or a new one. */
export function requestIdOf(_request: Request): string {
  // TODO 06.1
  return crypto.randomUUID();
}

/** The `traceparent` for the next hop: a span of our own in the caller's trace. */
export function nextTraceparent({ headers }: Request): string {
  // TODO 06.8: and a new trace if there is none that makes sense.
  return headers.get("traceparent") ?? "";
}
