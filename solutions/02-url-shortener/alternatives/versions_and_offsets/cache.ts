/**
 * Hot links in Redis. Each code has a version that writers raise; a reader takes it along and fills only if it is
 * still the same.
 */
import type { Context } from "@contract/system.ts";
import { CLICKS } from "./clicks.ts";
import type { Lookup } from "./links.ts";

const REDIS_DEADLINE_MS = 300;
/** Longer than any reader is under way. */
const VERSION_LIFETIME_MS = 3_600_000;

const VISIT = `
  local entry = redis.call('GET', KEYS[1])
  if entry and string.sub(entry, 1, 1) == '{' then
    local expiresAtMs = cjson.decode(entry).expiresAtMs
    if expiresAtMs and expiresAtMs <= tonumber(ARGV[3]) then
      return { 'gone', '' }
    end
    if ARGV[1] ~= '' then
      redis.call('XADD', KEYS[2], '*', 'click', ARGV[1])
      redis.call('PFADD', KEYS[3], ARGV[2])
    end
  end
  return { entry or '', redis.call('GET', KEYS[4]) or '0' }`;

const FILL = `
  if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[3] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;

const FORGET = `
  redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
  return redis.call('DEL', KEYS[1])`;

export interface Visit {
  readonly code: string;
  readonly isClick: boolean;
  readonly visitor: string;
}

export interface Glance {
  readonly lookup?: Lookup;
  /** To be handed to `fill`; absent when Redis is away. */
  readonly version?: string;
}

export interface LinkCache {
  visit(visit: Visit): Promise<Glance>;
  fill(code: string, lookup: Lookup, version: string): Promise<void>;
  replace(code: string, lookup: Lookup): Promise<void>;
}

export function linkCache(context: Context): LinkCache {
  const { redis, config, clock } = context;

  return {
    async visit({ code, isClick, visitor }) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const found = await orUndefined(redis.eval(VISIT, {
        keys: [`link:${code}`, CLICKS, `uniques:${code}`, `version:${code}`],
        arguments: [
          isClick ? `${code} ${day}` : "",
          visitor,
          String(clock.now()),
        ],
      })) as [string, string] | undefined;
      if (found === undefined) return {};
      const [entry, version] = found;
      return entry === "" ? { version } : { lookup: decode(entry), version };
    },
    async fill(code, lookup, version) {
      const expiresAtMs = lookup.status === "live"
        ? lookup.link.expiresAtMs ?? Infinity
        : Infinity;
      const lifetimeMs = Math.min(
        Number(config.cacheTtlSec) * 1000,
        expiresAtMs - clock.now(),
      );
      await orUndefined(redis.eval(FILL, {
        keys: [`link:${code}`, `version:${code}`],
        arguments: [encode(lookup), String(Math.max(1, lifetimeMs)), version],
      }));
    },
    async replace(code) {
      await orUndefined(redis.eval(FORGET, {
        keys: [`link:${code}`, `version:${code}`],
        arguments: [String(VERSION_LIFETIME_MS)],
      }));
    },
  };
}

function encode(lookup: Lookup): string {
  return lookup.status === "live" ? JSON.stringify(lookup.link) : lookup.status;
}

function decode(entry: string): Lookup {
  if (entry === "gone" || entry === "unknown") return { status: entry };
  return { status: "live", link: JSON.parse(entry) };
}

async function orUndefined<T>(command: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), REDIS_DEADLINE_MS);
  try {
    return await Promise.race([command.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
