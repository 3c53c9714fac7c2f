/** Writing, in one of three ways. */
import type { Context } from "@contract/system.ts";
import type { Item } from "./item.ts";
import type { ItemServices } from "./read_items.ts";
import { writeBehind } from "./write_behind.ts";

export interface Written extends Pick<Item, "id" | "version"> {
  readonly isStored: boolean;
}

export type WriteItem = (id: string, value: string) => Promise<Written>;

export function itemWriter(
  context: Context,
  { table, cache, missed }: ItemServices,
): WriteItem {
  switch (context.config.mode) {
    case "write_behind":
      return writeBehind(context, table);
    case "write_through":
      return async function writeThrough(id, value) {
        // Of two writers at once, the one that claimed last may store its value, unless the other finishes after it.
        const token = crypto.randomUUID();
        const isClaimed = await cache.claim(id, token)
          .then(() => true, () => false);
        const item = await table.put(id, value);
        await missed.tell(
          id,
          () => isClaimed ? cache.settle(item, token) : cache.forget([id]),
        );
        return { ...item, isStored: true };
      };
    default:
      return async function writeAside(id, value) {
        const { version } = await table.put(id, value);
        await missed.tell(id, () => cache.forget([id]));
        return { id, version, isStored: true };
      };
  }
}
