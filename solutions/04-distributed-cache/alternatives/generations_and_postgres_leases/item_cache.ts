/**
 * Items in Redis. The name of an entry contains the item's generation, and a writer begins a new one: a late fill goes
 * to a name that nobody looks at any more. The epoch is the generation of all items together.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Item } from "./item.ts";

export type Entry = Omit<Item, "value"> & { readonly value?: string };

export interface Look {
  readonly item?: Item;
  /** Where a fill belongs. */
  readonly entryKey: string;
}

export interface ItemCache {
  look(ids: readonly string[]): Promise<Map<string, Look>>;
  fill(items: readonly (Item & { readonly entryKey: string })[]): Promise<void>;
  /** Begins a new generation of the item. */
  forget(id: string): Promise<void>;
  /** Begins a new epoch: all items. */
  forgetAll(): Promise<void>;
}

const EPOCH = "items:epoch";

/** The third name is where write-behind keeps its entries. */
const LOOK = `
  local found = {}
  local epoch = redis.call('GET', KEYS[#KEYS]) or '0'
  for i, id in ipairs(ARGV) do
    local generation = redis.call('GET', KEYS[2 * i - 1]) or '0'
    local name = table.concat({ 'entry', epoch, generation, id }, ':')
    found[2 * i - 1] = name
    found[2 * i] = redis.call('GET', KEYS[2 * i]) or redis.call('GET', name)
  end
  return found`;

const FILL = `
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
  end`;

export function itemCache({ redis, config }: Context): ItemCache {
  const deadlineMs = Number(config.redisDeadlineMs);
  const lifetimeMs = Number(config.cacheTtlSec) * 1000;
  const inTime = <T>(command: Promise<T>) =>
    withinDeadline(command, deadlineMs);
  return {
    async look(ids) {
      const found = await inTime(redis.eval(LOOK, {
        keys: [...ids.flatMap((id) => [generationKey(id), itemKey(id)]), EPOCH],
        arguments: [...ids],
      })) as (string | null)[];
      return new Map(ids.map((id, index) => {
        const [entryKey, text] = found.slice(2 * index, 2 * index + 2);
        const item = text ? decodeEntry(id, text) as Item : undefined;
        return [id, { entryKey: entryKey!, item }];
      }));
    },
    async fill(items) {
      if (items.length === 0) return;
      await inTime(redis.eval(FILL, {
        keys: items.map(({ entryKey }) => entryKey),
        arguments: [String(lifetimeMs), ...items.map(encodeEntry)],
      }));
    },
    async forget(id) {
      // Twice the lifetime of an entry: no entry of the generation before is left when this one is forgotten.
      await inTime(redis.set(generationKey(id), crypto.randomUUID(), {
        expiration: { type: "PX", value: 2 * lifetimeMs },
      }));
    },
    async forgetAll() {
      await inTime(redis.set(EPOCH, crypto.randomUUID()));
    },
  };
}

function generationKey(id: string): string {
  return `generation:${id}`;
}

export function itemKey(id: string): string {
  return `item:${id}`;
}

export function encodeEntry({ version, value }: Omit<Entry, "id">): string {
  return `${version} ${value}`;
}

export function decodeEntry(id: string, text: string): Entry {
  const space = text.indexOf(" ");
  const version = Number(text.slice(0, space));
  return { id, version, value: text.slice(space + 1) };
}
