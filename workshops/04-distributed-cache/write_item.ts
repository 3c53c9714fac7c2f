/** Writing, in one of three ways; they differ in who stores what, when, and in what the answer may promise. */
import type { Context } from "@contract/system.ts";
import type { Item } from "./item.ts";
import { notImplemented } from "./problem.ts";
import type { ItemServices } from "./read_items.ts";

export interface Written extends Pick<Item, "id" | "version"> {
  /** False: accepted, and in Postgres later. */
  readonly isStored: boolean;
}

export type WriteItem = (id: string, value: string) => Promise<Written>;

export function itemWriter(
  context: Context,
  _services: ItemServices,
): WriteItem {
  // TODO 04.4
  return function writeItem() {
    const { mode } = context.config;
    return Promise.reject(notImplemented("04.4", `write an item: ${mode}`));
  };
}
