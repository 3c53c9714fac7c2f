/**
 * Items in Redis. One rule keeps every instance honest: an entry gives way to a newer version only. A writer that
 * does not want to store the value leaves a mark, the version alone; a reader that was slow finds it and is refused.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Item } from "./item.ts";

/** What is known of an item; without a value it is a mark: older versions are wrong. */
export type Entry = Omit<Item, "value"> & { readonly value?: string };

export interface ItemCache {
  /** By id, as far as known. Rejects when Redis is away. */
  find(ids: readonly string[]): Promise<Map<string, Entry>>;
  /** Stores each entry unless a newer one is there. Rejects when Redis is away. */
  offer(entries: readonly Entry[]): Promise<void>;
}

/** "7 value" is version 7, "7" alone its mark. A mark gives way to the value of the same version. */
const OFFER = `
  for i, key in ipairs(KEYS) do
    local known = redis.call('GET', key)
    local version = known and tonumber(string.match(known, '^%d+')) or -1
    local isMark = known and not string.find(known, ' ', 1, true)
    local offered = tonumber(ARGV[2 * i])
    if offered > version or (offered == version and isMark) then
      redis.call('SET', key, ARGV[2 * i + 1], 'PX', ARGV[1])
    end
  end`;

export function itemCache({ redis, config }: Context): ItemCache {
  const deadlineMs = Number(config.redisDeadlineMs);
  const lifetimeMs = Number(config.cacheTtlSec) * 1000;
  return {
    async find(ids) {
      const texts = await withinDeadline(
        redis.mGet(ids.map(itemKey)),
        deadlineMs,
      );
      return new Map(ids.flatMap((id, index) => {
        const text = texts[index];
        return text ? [[id, decodeEntry(id, text)] as const] : [];
      }));
    },
    async offer(entries) {
      if (entries.length === 0) return;
      const offering = redis.eval(OFFER, {
        keys: entries.map(({ id }) => itemKey(id)),
        arguments: [
          String(lifetimeMs),
          ...entries.flatMap((entry) => [
            String(entry.version),
            encodeEntry(entry),
          ]),
        ],
      });
      await withinDeadline(offering, deadlineMs);
    },
  };
}

export function itemKey(id: string): string {
  return `item:${id}`;
}

export function encodeEntry({ version, value }: Omit<Entry, "id">): string {
  return value === undefined ? `${version}` : `${version} ${value}`;
}

export function decodeEntry(id: string, text: string): Entry {
  const space = text.indexOf(" ");
  if (space === -1) return { id, version: Number(text) };
  const version = Number(text.slice(0, space));
  return { id, version, value: text.slice(space + 1) };
}
