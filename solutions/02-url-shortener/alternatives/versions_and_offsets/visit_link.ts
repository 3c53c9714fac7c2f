/** One visit: the version seen with the miss decides whether the fill is still welcome. */
import type { LinkCache, Visit } from "./cache.ts";
import type { LinkStore, Lookup } from "./links.ts";

export interface VisitServices {
  readonly links: LinkStore;
  readonly cache: LinkCache;
}

export async function visitLink(
  { links, cache }: VisitServices,
  visit: Visit,
): Promise<Lookup> {
  const glance = await cache.visit(visit);
  if (glance.lookup !== undefined) return glance.lookup;
  const lookup = await links.find(visit.code);
  if (glance.version === undefined) return lookup;
  await cache.fill(visit.code, lookup, glance.version);
  if (lookup.status === "live") await cache.visit(visit);
  return lookup;
}
