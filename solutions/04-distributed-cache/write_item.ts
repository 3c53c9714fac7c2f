/** Writing, in one of three ways; they differ in who stores what, when, and in what the answer may promise. */
import type { Context } from "@contract/system.ts";
import type { Item } from "./item.ts";
import type { ItemServices } from "./read_items.ts";
import { writeBehind } from "./write_behind.ts";

export interface Written extends Pick<Item, "id" | "version"> {
  /** False: accepted, and in Postgres later. */
  readonly isStored: boolean;
}

export type WriteItem = (id: string, value: string) => Promise<Written>;

export function itemWriter(
  context: Context,
  { table, missed }: ItemServices,
): WriteItem {
  switch (context.config.mode) {
    case "write_behind":
      return writeBehind(context, table);
    case "write_through":
      return async function writeThrough(id, value) {
        // Postgres first: what it has refused must not be in the cache.
        const item = await table.put(id, value);
        await missed.offer(item);
        return { ...item, isStored: true };
      };
    default:
      return async function writeAside(id, value) {
        const { version } = await table.put(id, value);
        await missed.offer({ id, version });
        return { id, version, isStored: true };
      };
  }
}
