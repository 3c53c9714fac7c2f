/** One visit to a code: find the link and count the click. */
import type { LinkCache } from "./cache.ts";
import type { Clicks } from "./clicks.ts";
import type { LinkStore, Lookup } from "./links.ts";
import { notImplemented } from "./problem.ts";

export interface Visit {
  readonly code: string;
  /** A HEAD looks without clicking. */
  readonly isClick: boolean;
  /** The X-Visitor header, empty when there was none. */
  readonly visitor: string;
}

export interface VisitServices {
  readonly links: LinkStore;
  readonly cache: LinkCache;
  readonly clicks: Clicks;
}

export function visitLink(
  _services: VisitServices,
  _visit: Visit,
): Promise<Lookup> {
  // TODO 02.1: ask the store, count. 02.4: ask the cache first. 02.8: both in one round trip.
  throw notImplemented(
    "02.1 Shorten and redirect",
    "look up the code in visit_link.ts",
  );
}
