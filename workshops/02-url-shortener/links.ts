/** The links themselves. */
import type { Context } from "@contract/system.ts";
import type { Link } from "./link.ts";
import { notImplemented } from "./problem.ts";

/** What is known of a code. A code that is gone is never given out again. */
export type Lookup =
  | { readonly status: "live"; readonly link: Link }
  | { readonly status: "gone" }
  | { readonly status: "unknown" };

export interface LinkStore {
  /** False when the code is taken. */
  insert(link: Link): Promise<boolean>;
  find(code: string): Promise<Lookup>;
  /** False when there was no such link. */
  remove(code: string): Promise<boolean>;
}

/** Opens the store. Two instances may call this at the same moment. */
export function openLinkStore(_context: Context): Promise<LinkStore> {
  // TODO 02.1: a Map will do. 02.2: a table. 02.7: one of `context.shards`.
  const toBuild = () => {
    throw notImplemented(
      "02.1 Shorten and redirect",
      "store links in links.ts",
    );
  };
  return Promise.resolve({ insert: toBuild, find: toBuild, remove: toBuild });
}
