/**
 * Write-behind: a write is accepted into Redis, and moved to Postgres every `flushSec`. Redis keeps it until Postgres
 * has it, so an instance may die at any moment; when Redis itself is lost, what was not moved is lost. Hence 202.
 */
import type { Context } from "@contract/system.ts";
import { decodeEntry, itemKey } from "./item_cache.ts";
import type { Item } from "./item.ts";
import type { ItemTable } from "./item_table.ts";
import type { WriteItem } from "./write_item.ts";

/** Hash of the entries that Postgres does not have yet, by id. */
const UNSAVED = "items:unsaved";
const LAST_VERSION = "items:last_version";
/** Real time; a flush that failed is tried again. */
const RETRY_MS = 200;

/**
 * The version is the time, or one more than the last: when Redis has lost everything it goes on growing, once the clock
 * has moved. The entry has no lifetime yet: if it ended before it was saved, a reader would find the item of before in
 * Postgres.
 */
const ACCEPT = `
  local last = tonumber(redis.call('GET', KEYS[3]) or '0')
  local version = string.format('%.0f', math.max(last + 1, ARGV[1] * 1000))
  local entry = version .. ' ' .. ARGV[3]
  redis.call('SET', KEYS[3], version)
  redis.call('SET', KEYS[1], entry)
  redis.call('HSET', KEYS[2], ARGV[2], entry)
  return version`;

/** Forgets what was saved, unless it has been written again since. */
const SAVED = `
  for i = 2, #KEYS do
    local id, entry = ARGV[2 * i - 2], ARGV[2 * i - 1]
    if redis.call('HGET', KEYS[1], id) == entry then
      redis.call('HDEL', KEYS[1], id)
      redis.call('PEXPIRE', KEYS[i], ARGV[1])
    end
  end`;

export function writeBehind(context: Context, table: ItemTable): WriteItem {
  const { redis, clock, config, signal, log } = context;
  const flushMs = Number(config.flushSec) * 1000;
  const lifetimeMs = String(Number(config.cacheTtlSec) * 1000);

  async function flush(): Promise<void> {
    const unsaved = Object.entries(await redis.hGetAll(UNSAVED));
    if (unsaved.length === 0) return;
    await table.save(
      unsaved.map(([id, entry]) => decodeEntry(id, entry) as Item),
    );
    // Saved before it is forgotten: a crash in between saves it twice, which changes nothing.
    await redis.eval(SAVED, {
      keys: [UNSAVED, ...unsaved.map(([id]) => itemKey(id))],
      arguments: [lifetimeMs, ...unsaved.flat()],
    });
  }

  async function keepFlushing(): Promise<void> {
    while (!signal.aborted) {
      const dueMs = (Math.floor(clock.now() / flushMs) + 1) * flushMs;
      await clock.sleepUntil(dueMs, { signal });
      while (!await flush().then(() => true, failed) && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  function failed(error: unknown): boolean {
    log("flush failed", { error: String(error) });
    return false;
  }

  keepFlushing().catch(() => {}); // Rejects when the instance is asked to stop.

  return async function acceptWrite(id, value) {
    const version = await redis.eval(ACCEPT, {
      keys: [itemKey(id), UNSAVED, LAST_VERSION],
      arguments: [String(clock.now()), id, value],
    });
    return { id, version: Number(version), isStored: false };
  };
}
