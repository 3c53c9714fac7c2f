/** 01.4: hot entries in Redis. A help, never a need. */
import type { Context } from "@contract/system.ts";
import type { Entry } from "./entry.ts";

export type Glance =
  | { readonly status: "hit"; readonly entry: Entry }
  | { readonly status: "miss" }
  | { readonly status: "away" };

export interface Cache {
  look(key: string): Promise<Glance>;
  /** Resolves once every instance would see it, or Redis is away. */
  keep(entry: Entry): Promise<void>;
}

export function openCache(_context: Context): Cache {
  // TODO 01.4: as it is, it knows nothing and keeps nothing, which is never wrong.
  return {
    look: () => Promise.resolve({ status: "miss" }),
    keep: () => Promise.resolve(),
  };
}
