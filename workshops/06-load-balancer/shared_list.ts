/** Keeps this instance's pool in step with the list that all instances share. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";
import type { Pool } from "./pool.ts";
import { notImplemented } from "./problem.ts";

export interface SharedList {
  /** Of the list that this instance goes by. */
  readonly etag: string | undefined;
  /** Replaces the list if `ifMatch` is its ETag. */
  put(
    entries: readonly BackendEntry[],
    ifMatch: string | undefined,
  ): Promise<void>;
}

/** Until stage 06.7 each instance has a list of its own, in memory and without versions. From then on it looks for a newer one in real time. */
export function openSharedList(
  _context: Context,
  pool: Pool,
): Promise<SharedList> {
  return Promise.resolve({
    etag: undefined,
    put(entries, ifMatch) {
      if (ifMatch) {
        throw notImplemented(
          "06.7 Config and draining",
          "keep the list in Postgres, with a version (backend_table.ts, shared_list.ts)",
        );
      }
      pool.replace(entries);
      return Promise.resolve();
    },
  });
}
