/** The redirect, and how long others may remember it. */
import type { Link } from "./link.ts";
import { notImplemented } from "./problem.ts";

export function redirectTo(
  _link: Link,
  _options: { readonly nowMs: number; readonly maxAgeSec: number },
): Response {
  // TODO 02.1: 301 or 302, Location, Cache-Control.
  throw notImplemented(
    "02.1 Shorten and redirect",
    "answer the redirect in redirect.ts",
  );
}
