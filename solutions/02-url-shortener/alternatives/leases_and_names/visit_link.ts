/** One visit: whoever holds the lease of the miss fills; whether they do or not, their click counts. */
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
  if (glance.status !== "miss" && glance.status !== "away") return glance;
  const lookup = await links.find(visit.code);
  if (glance.status === "away") return lookup;
  await cache.fill(visit.code, lookup, glance.lease);
  if (lookup.status === "live") await cache.countClick(visit);
  return lookup;
}
