/**
 * Items in Redis, without versions. A miss has a token, the same for all who miss, until somebody writes or fills. A
 * writer deletes entry and token; a fill needs the token that its reader was given, so a late one finds none.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Item } from "./item.ts";

export type Entry = Omit<Item, "value"> & { readonly value?: string };

export type Look =
  | { readonly status: "hit"; readonly item: Item }
  | { readonly status: "miss"; readonly token: string };

export interface ItemCache {
  /** By id; a miss comes with its token. Rejects when Redis is away. */
  look(ids: readonly string[]): Promise<Map<string, Look>>;
  /** Stores each item whose token is still the one of its miss. */
  fill(items: readonly (Item & { readonly token: string })[]): Promise<void>;
  /** After a write: neither the entry nor the fills under way are right any more. */
  forget(ids: readonly string[]): Promise<void>;
  /** Before a write whose value is to be stored: takes the token over. */
  claim(id: string, token: string): Promise<void>;
  /** After it: stores the value if nobody else has claimed the item since, else forgets it. */
  settle(item: Item, token: string): Promise<void>;
}

const LOOK = `
  local found = {}
  for i = 1, #KEYS / 2 do
    local entry = redis.call('GET', KEYS[2 * i - 1])
    if entry then
      found[i] = entry
    else
      redis.call('SET', KEYS[2 * i], ARGV[2], 'NX', 'PX', ARGV[1])
      found[i] = 'token ' .. redis.call('GET', KEYS[2 * i])
    end
  end
  return found`;

const FILL = `
  for i = 1, #KEYS / 2 do
    local isFree = redis.call('EXISTS', KEYS[2 * i - 1]) == 0
    if isFree and redis.call('GET', KEYS[2 * i]) == ARGV[2 * i] then
      redis.call('SET', KEYS[2 * i - 1], ARGV[2 * i + 1], 'PX', ARGV[1])
      redis.call('DEL', KEYS[2 * i])
    end
  end`;

const SETTLE = `
  local isMine = redis.call('GET', KEYS[2]) == ARGV[2]
  redis.call('DEL', KEYS[1], KEYS[2])
  if isMine then redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[1]) end`;

export function itemCache({ redis, config }: Context): ItemCache {
  const deadlineMs = Number(config.redisDeadlineMs);
  const lifetimeMs = String(Number(config.cacheTtlSec) * 1000);
  const inTime = <T>(command: Promise<T>) =>
    withinDeadline(command, deadlineMs);
  return {
    async look(ids) {
      const texts = await inTime(redis.eval(LOOK, {
        keys: ids.flatMap(keysOfItem),
        arguments: [lifetimeMs, crypto.randomUUID()],
      })) as string[];
      return new Map(ids.map((id, index) => [id, lookOf(id, texts[index]!)]));
    },
    async fill(items) {
      if (items.length === 0) return;
      await inTime(redis.eval(FILL, {
        keys: items.flatMap(({ id }) => keysOfItem(id)),
        arguments: [
          lifetimeMs,
          ...items.flatMap((item) => [item.token, encodeEntry(item)]),
        ],
      }));
    },
    async forget(ids) {
      await inTime(redis.del(ids.flatMap(keysOfItem)));
    },
    async claim(id, token) {
      await inTime(redis.set(keysOfItem(id)[1]!, token, {
        expiration: { type: "PX", value: Number(lifetimeMs) },
      }));
    },
    async settle(item, token) {
      await inTime(redis.eval(SETTLE, {
        keys: keysOfItem(item.id),
        arguments: [lifetimeMs, token, encodeEntry(item)],
      }));
    },
  };
}

function keysOfItem(id: string): string[] {
  return [itemKey(id), `token:${id}`];
}

function lookOf(id: string, text: string): Look {
  if (text.startsWith("token ")) {
    return { status: "miss", token: text.slice("token ".length) };
  }
  return { status: "hit", item: decodeEntry(id, text) as Item };
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
