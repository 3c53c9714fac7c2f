/** Reading: the cache first, then Postgres, and what came from there into the cache if the token still fits. */
import type { Context } from "@contract/system.ts";
import type { ItemCache, Look } from "./item_cache.ts";
import type { Item } from "./item.ts";
import type { ItemTable } from "./item_table.ts";
import type { MissedEntries } from "./missed_entries.ts";
import { SingleFlight } from "./single_flight.ts";

export interface ItemServices {
  readonly table: ItemTable;
  readonly cache: ItemCache;
  readonly missed: MissedEntries;
}

export interface ItemReader {
  one(id: string): Promise<Item | undefined>;
  many(ids: readonly string[]): Promise<Map<string, Item>>;
}

export function itemReader(
  { log }: Context,
  { table, cache, missed }: ItemServices,
): ItemReader {
  const flights = new SingleFlight<Item | undefined>();

  async function look(ids: readonly string[]): Promise<Map<string, Look>> {
    try {
      const looks = await cache.look(ids);
      for (const id of ids) if (missed.has(id)) looks.delete(id);
      return looks;
    } catch (error) {
      log("cache not asked", { error: String(error) });
      return new Map();
    }
  }

  async function load(
    ids: readonly string[],
    looks: ReadonlyMap<string, Look>,
  ): Promise<Item[]> {
    const items = await table.find(ids);
    const withTokens = items.flatMap((item) => {
      const seen = looks.get(item.id);
      return seen?.status === "miss" ? [{ ...item, token: seen.token }] : [];
    });
    await cache.fill(withTokens).catch((error) =>
      log("cache not filled", { error: String(error) })
    );
    return items;
  }

  return {
    async one(id) {
      const looks = await look([id]);
      const seen = looks.get(id);
      if (seen?.status === "hit") return seen.item;
      // A write gives the next miss another token: nobody joins a flight from before it.
      const flight = `${id} ${seen?.token ?? "away"}`;
      return await flights.run(
        flight,
        async () => (await load([id], looks))[0],
      );
    },
    async many(ids) {
      const looks = await look([...new Set(ids)]);
      const items = new Map<string, Item>();
      for (const [id, seen] of looks) {
        if (seen.status === "hit") items.set(id, seen.item);
      }
      const missing = [...new Set(ids)].filter((id) => !items.has(id));
      const loaded = missing.length > 0 ? await load(missing, looks) : [];
      for (const item of loaded) items.set(item.id, item);
      return items;
    },
  };
}
