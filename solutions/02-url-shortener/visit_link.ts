/**
 * One visit: cache first; after a miss Postgres is asked, the answer kept and the click counted then. While Redis
 * is away its clicks are lost: better than counting one twice.
 */
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
  await cache.fill(visit.code, lookup);
  if (lookup.status === "live") await cache.visit(visit);
  return lookup;
}
