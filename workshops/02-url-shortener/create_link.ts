/** Stores a link under its alias, or under a code that is free. */
import type { LinkCache } from "./cache.ts";
import type { Link, LinkRequest } from "./link.ts";
import type { LinkStore } from "./links.ts";
import { notImplemented } from "./problem.ts";

export interface CreateLinkServices {
  readonly links: LinkStore;
  readonly cache: LinkCache;
  readonly nextCode: () => Promise<string>;
}

export function createLink(
  _services: CreateLinkServices,
  _request: LinkRequest,
): Promise<Link> {
  // TODO 02.1: make a code, insert the link. 02.3: what if the name is taken?
  throw notImplemented(
    "02.1 Shorten and redirect",
    "store the link in create_link.ts",
  );
}
