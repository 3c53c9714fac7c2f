/**
 * Hot links in Redis. A name goes from unknown to live to gone and never back, and no write may turn its entry back
 * either, however late it comes: a reader fills an empty place only, a creator overwrites all but "gone".
 */
import type { Context } from "@contract/system.ts";
import { CLICKS_PENDING } from "./clicks.ts";
import type { Lookup } from "./links.ts";

/** Redis is a help, not a need: slower than this and Postgres is asked instead. */
const REDIS_DEADLINE_MS = 300;

/**
 * Reads the entry and, for a live link, counts the click: one round trip for both, so neither is lost alone. The
 * lifetime of an entry begins when Redis gets it, which may be late: only the clock says that a link has expired.
 */
const VISIT = `
  local entry = redis.call('GET', KEYS[1])
  if entry and string.sub(entry, 1, 1) == '{' then
    local expiresAtMs = cjson.decode(entry).expiresAtMs
    if expiresAtMs and expiresAtMs <= tonumber(ARGV[3]) then return 'gone' end
    if ARGV[1] ~= '' then
      redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
      redis.call('PFADD', KEYS[3], ARGV[2])
    end
  end
  return entry`;

const SET_UNLESS_GONE = `
  if redis.call('GET', KEYS[1]) ~= 'gone' then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  end`;

export interface Visit {
  readonly code: string;
  /** A HEAD looks without clicking. */
  readonly isClick: boolean;
  readonly visitor: string;
}

/** `away`: no answer in time. The click may have been counted all the same, so it must not be counted again. */
export type Glance =
  | Lookup
  | { readonly status: "miss" }
  | { readonly status: "away" };

export interface LinkCache {
  /** What the cache knows. Counts the click of a live link. */
  visit(visit: Visit): Promise<Glance>;
  /** Remembers what a reader found, unless a writer was faster. */
  fill(code: string, lookup: Lookup): Promise<void>;
  /** Tells all instances what a writer has just made true. Nothing replaces `gone`. */
  replace(code: string, lookup: Lookup): Promise<void>;
}

export function linkCache(context: Context): LinkCache {
  const { redis, config, clock } = context;

  function lifetimeMs(lookup: Lookup): number {
    const longestMs = Number(config.cacheTtlSec) * 1000;
    const expiresAtMs = lookup.status === "live"
      ? lookup.link.expiresAtMs ?? Infinity
      : Infinity;
    return Math.max(1, Math.min(longestMs, expiresAtMs - clock.now()));
  }

  return {
    async visit({ code, isClick, visitor }) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const entry = await orUndefined(redis.eval(VISIT, {
        keys: [`link:${code}`, CLICKS_PENDING, `uniques:${code}`],
        arguments: [
          isClick ? `${code} ${day}` : "",
          visitor,
          String(clock.now()),
        ],
      }));
      if (entry === undefined) return { status: "away" };
      return entry === null ? { status: "miss" } : decode(String(entry));
    },
    async fill(code, lookup) {
      const expiration = { type: "PX", value: lifetimeMs(lookup) } as const;
      await orUndefined(
        redis.set(`link:${code}`, encode(lookup), { NX: true, expiration }),
      );
    },
    async replace(code, lookup) {
      await orUndefined(redis.eval(SET_UNLESS_GONE, {
        keys: [`link:${code}`],
        arguments: [encode(lookup), String(lifetimeMs(lookup))],
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

/** A cache that fails is a cache that does not know. */
async function orUndefined<T>(command: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), REDIS_DEADLINE_MS);
  try {
    return await Promise.race([command.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
