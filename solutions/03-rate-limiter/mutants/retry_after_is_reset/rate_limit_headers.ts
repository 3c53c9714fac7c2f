/** What a client is told about its limit (IETF draft ratelimit-headers). */
import type { Decision } from "./algorithm.ts";
import type { NamedPolicy, RatePolicy } from "./policy.ts";

/** On every answer under a rate policy; with `Retry-After` when the request is refused. */
export function rateHeaders(
  { name, policy }: NamedPolicy<RatePolicy>,
  { isAdmitted, left, resetMs, retryMs }: Decision,
): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${policy.limit};w=${policy.windowSec}`,
    "ratelimit": `"${name}";r=${left};t=${wholeSeconds(resetMs)}`,
    ...(isAdmitted
      ? {}
      : { "retry-after": String(wholeSeconds(Math.max(retryMs, resetMs))) }),
  };
}

/** Under a concurrency policy there is no window: how soon a slot gets free nobody knows. */
export function slotHeaders(
  { name, policy }: NamedPolicy,
  left: number,
): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${policy.limit};qu="concurrent-requests"`,
    "ratelimit": `"${name}";r=${left}`,
  };
}

/** Rounded up: a client that waits a little too long is served, one that waits too little is refused again. */
function wholeSeconds(durationMs: number): number {
  return Math.ceil(durationMs / 1000);
}
