/** W3C Trace Context: our hop becomes a span of the caller's trace, or begins one. */

/** The `traceparent` for the next hop. */
export function nextTraceparent({ headers }: Request): string {
  // TODO 06.8: a span of our own, and a new trace if there is none that makes sense.
  return headers.get("traceparent") ?? "";
}
