/** W3C Trace Context: our hop becomes a span of the caller's trace, or begins one. */

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = "01";

/** The `traceparent` for the next hop. */
export function nextTraceparent({ headers }: Request): string {
  const [, trace = "", parent = "", flags = SAMPLED] =
    TRACEPARENT.exec(headers.get("traceparent") ?? "") ?? [];
  const isValid = /[^0]/.test(trace) && /[^0]/.test(parent);
  const traceId = isValid ? trace : randomHex(16);
  return `00-${traceId}-${randomHex(8)}-${isValid ? flags : SAMPLED}`;
}

/** All zeros would be invalid; nobody has seen them drawn yet. */
function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
