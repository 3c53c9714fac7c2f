/** Moves single keys to another node (`MIGRATE`), over `context.peers`. */
import type { Context } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import { notImplemented as notBuilt } from "./problem.ts";
import { type Command, notImplemented, type Reply } from "./resp.ts";

/** Where nodes hand keys to each other; clients have no business here. */
export const TRANSFER_PATH = "/internal/keys";

export interface Migration {
  /** `MIGRATE host port key 0 timeout` */
  migrate(command: Command): Promise<Reply>;
  /** The other end: a key arrives, as a PUT to TRANSFER_PATH. */
  receive(request: Request): Promise<Response>;
}

export function keyMigration(
  _context: Context,
  _items: ItemStore,
): Migration {
  // TODO 04.3
  return {
    migrate: () => Promise.resolve(notImplemented("04.3", "MIGRATE")),
    receive: () =>
      Promise.resolve(notBuilt("04.3", "take a key in").toResponse()),
  };
}
