/** What a client is told about its limit (IETF draft ratelimit-headers). */
import type { Decision } from "./algorithm.ts";
import type { NamedPolicy, RatePolicy } from "./policy.ts";
import { notImplemented } from "./problem.ts";

/** On every answer under a rate policy; with `Retry-After` when the request is refused. */
export function rateHeaders(
  _named: NamedPolicy<RatePolicy>,
  _decision: Decision,
): Record<string, string> {
  // TODO 03.1: "ratelimit-policy", "ratelimit", and "retry-after" on a refusal.
  throw notImplemented(
    "03.1 Fixed window",
    "tell the client where it stands in rate_limit_headers.ts",
  );
}

/** Under a concurrency policy there is no window: how soon a slot gets free nobody knows. */
export function slotHeaders(
  _named: NamedPolicy,
  _left: number,
): Record<string, string> {
  // TODO 03.7
  return {};
}
