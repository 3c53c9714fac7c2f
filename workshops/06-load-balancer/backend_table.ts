/** The list of backends in Postgres. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";
import { notImplemented } from "./problem.ts";

export interface StoredList {
  readonly version: number;
  readonly entries: readonly BackendEntry[];
}

export interface BackendTable {
  read(): Promise<StoredList>;
  /** The new version; undefined if `version` is not the current one any more, and nothing has changed. */
  replace(list: StoredList): Promise<number | undefined>;
}

export function openBackendTable(
  _context: Pick<Context, "sql">,
): Promise<BackendTable> {
  // TODO 06.7: two instances may create the table at the same time.
  throw notImplemented("06.7 Config and draining", "build backend_table.ts");
}
