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
    ...(isAdmitted ? {} : { "retry-after": String(wholeSeconds(retryMs)) }),
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

/** Whole seconds are what the header takes. */
function wholeSeconds(durationMs: number): number {
  return Math.floor(durationMs / 1000);
}
