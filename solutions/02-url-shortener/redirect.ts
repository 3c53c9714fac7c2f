/** The redirect, and how long others may remember it. */
import type { Link } from "./link.ts";

/**
 * A browser repeats a 301 from its own cache, and we never hear of that visit: so a 301 is for links that may
 * never change, and even those must not be kept past their end.
 */
export function redirectTo(
  { url, permanent, expiresAtMs }: Link,
  options: { readonly nowMs: number; readonly maxAgeSec: number },
): Response {
  const restMs = (expiresAtMs ?? Infinity) - options.nowMs;
  const maxAgeSec = Math.min(options.maxAgeSec, Math.floor(restMs / 1000));
  return new Response(null, {
    status: permanent ? 301 : 302,
    headers: {
      location: url,
      "cache-control": permanent
        ? `public, max-age=${maxAgeSec}`
        : "private, max-age=0",
    },
  });
}
