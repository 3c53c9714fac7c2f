/** 01.2 and 01.5: the entries of one database. */
import type { Sql } from "postgres";
import type { Entry, EntryStore } from "./entry.ts";
import { notImplemented } from "./problem.ts";

export interface EntriesTable extends EntryStore {
  /** A page of keys in their order, after `after`. */
  keysAfter(after: string, count: number): Promise<string[]>;
  /** Takes entries over with their versions. What is here already is newer and stays. */
  takeOver(entries: readonly Entry[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

export function openEntriesTable(_sql: Sql): Promise<EntriesTable> {
  // TODO 01.2: a table, made with setUp() of set_up.ts; find and put. 01.5: put minds ifVersion.
  const toBuild = (): never => {
    throw notImplemented("01.2 Durable KV", "keep entries in entries_table.ts");
  };
  // TODO 01.3: what moving keys to another database needs.
  const toMove = (): never => {
    throw notImplemented(
      "01.3 Consistent sharding",
      "hand entries over in entries_table.ts",
    );
  };
  return Promise.resolve({
    find: toBuild,
    put: toBuild,
    keysAfter: toMove,
    takeOver: toMove,
    remove: toMove,
  });
}
