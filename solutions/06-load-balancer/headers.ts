/** What of a message's header is for the next hop only, and what a proxy adds. */

/** RFC 9110 section 7.6.1: they speak about one connection, and the next is another. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = "01";
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** A copy without what was meant for us alone: the usual fields, and those that `Connection` names. */
export function endToEnd(headers: Headers): Headers {
  const named = (headers.get("connection") ?? "").split(",");
  const passed = new Headers(headers);
  for (const name of [...HOP_BY_HOP, ...named.map((one) => one.trim())]) {
    if (isFieldName(name)) passed.delete(name);
  }
  // A body in chunks has no other length (RFC 9112 section 6.3).
  if (headers.has("transfer-encoding")) passed.delete("content-length");
  return passed;
}

/** What the backend gets to see. */
export function forwardedHeaders(request: Request, requestId: string): Headers {
  const headers = endToEnd(request.headers);
  const before = headers.get("x-forwarded-for");
  // Appended, so that the backend can count its trusted hops from the right. A unix socket has no address.
  headers.set("x-forwarded-for", before ? `${before}, unknown` : "unknown");
  headers.set("x-forwarded-host", request.headers.get("host") ?? "");
  headers.set("x-forwarded-proto", "http");
  headers.set("x-request-id", requestId);
  return headers;
}

/** The caller's, so that one id runs through all logs; a new one if it could forge a line in them. */
export function requestIdOf({ headers }: Request): string {
  const given = headers.get("x-request-id") ?? "";
  return REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

/** W3C Trace Context: our hop becomes a span of the caller's trace, or begins one. */
export function nextTraceparent({ headers }: Request): string {
  const [, trace = "", parent = "", flags = SAMPLED] =
    TRACEPARENT.exec(headers.get("traceparent") ?? "") ?? [];
  const isValid = /[^0]/.test(trace) && /[^0]/.test(parent);
  const traceId = isValid ? trace : randomHex(16);
  return `00-${traceId}-${randomHex(8)}-${isValid ? flags : SAMPLED}`;
}

function isFieldName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

/** All zeros would be invalid; nobody has seen them drawn yet. */
function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
