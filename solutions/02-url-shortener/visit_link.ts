/** One visit: cache first; after a miss Postgres is asked and the answer kept. Either way the click is counted. */
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
  const cached = await cache.visit(visit);
  if (cached !== undefined) return cached;
  const lookup = await links.find(visit.code);
  await cache.fill(visit.code, lookup);
  if (lookup.status === "live") await cache.visit(visit);
  return lookup;
}
