/** Stores a link under its alias, or under the next code that is free. */
import type { LinkCache } from "./cache.ts";
import type { Link, LinkRequest } from "./link.ts";
import type { LinkStore } from "./links.ts";
import { ProblemError } from "./problem.ts";

export interface CreateLinkServices {
  readonly links: LinkStore;
  readonly cache: LinkCache;
  readonly nextCode: () => Promise<string>;
}

export async function createLink(
  { links, cache, nextCode }: CreateLinkServices,
  { alias, ...target }: LinkRequest,
): Promise<Link> {
  while (true) {
    const link = { ...target, code: alias ?? await nextCode() };
    if (await links.insert(link)) {
      await cache.replace(link.code, { status: "live", link });
      return link;
    }
    if (alias !== undefined) {
      throw new ProblemError(409, "alias_taken", `${alias} is taken`);
    }
  }
}
