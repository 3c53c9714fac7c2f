/** Write-behind: a write is accepted into Redis, and moved to Postgres every `flushSec`. */
import type { Context } from "@contract/system.ts";
import type { ItemTable } from "./item_table.ts";
import { notImplemented } from "./problem.ts";
import type { WriteItem } from "./write_item.ts";

export function writeBehind(_context: Context, _table: ItemTable): WriteItem {
  // TODO 04.4
  return function acceptWrite() {
    return Promise.reject(notImplemented("04.4", "accept a write"));
  };
}
