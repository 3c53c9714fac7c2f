/** Writing, in one of three ways. */
import type { Context } from "@contract/system.ts";
import type { Item } from "./item.ts";
import { type ItemServices, itemReader } from "./read_items.ts";
import { writeBehind } from "./write_behind.ts";

export interface Written extends Pick<Item, "id" | "version"> {
  readonly isStored: boolean;
}

export type WriteItem = (id: string, value: string) => Promise<Written>;

export function itemWriter(
  context: Context,
  services: ItemServices,
): WriteItem {
  const { table, missed } = services;
  const reader = itemReader(context, services);

  async function writeAside(id: string, value: string): Promise<Written> {
    const { version } = await table.put(id, value);
    await missed.forget(id);
    return { id, version, isStored: true };
  }

  switch (context.config.mode) {
    case "write_behind":
      return writeBehind(context, table);
    case "write_through":
      return async function writeThrough(id, value) {
        const written = await writeAside(id, value);
        // As any reader would: whatever was written last is what gets cached, whoever wrote it. If that fails, it is
        // stored all the same.
        await reader.one(id).catch(() => {});
        return written;
      };
    default:
      return writeAside;
  }
}
