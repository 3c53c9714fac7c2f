/** Hot links in Redis: nothing to do before stage 02.4. */
import type { Context } from "@contract/system.ts";
import type { Lookup } from "./links.ts";

export interface LinkCache {
  /** What the cache knows; undefined on a miss or when Redis is away. */
  find(code: string): Promise<Lookup | undefined>;
  /** Remembers what a reader found. */
  fill(code: string, lookup: Lookup): Promise<void>;
  /** Tells all instances what a writer has just made true. */
  replace(code: string, lookup: Lookup): Promise<void>;
}

/** A cache that never knows anything: right, but slow. */
export function linkCache(_context: Context): LinkCache {
  // TODO 02.4
  return {
    find: () => Promise.resolve(undefined),
    fill: () => Promise.resolve(),
    replace: () => Promise.resolve(),
  };
}
