/**
 * Hot links in Redis. One rule keeps every instance honest: whoever changes a link SETs its entry, whoever only
 * read it fills with NX. So a slow reader can never put an old answer over a new one.
 */
import type { Context } from "@contract/system.ts";
import { CLICKS_PENDING } from "./clicks.ts";
import type { Lookup } from "./links.ts";

/** Redis is a help, not a need: slower than this and Postgres is asked instead. */
const REDIS_DEADLINE_MS = 300;

/** Reads the entry and, for a live link, counts the click: one round trip for both, so neither is lost alone. */
const VISIT = `
  local entry = redis.call('GET', KEYS[1])
  if entry and string.sub(entry, 1, 1) == '{' and ARGV[1] ~= '' then
    redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
    redis.call('PFADD', KEYS[3], ARGV[2])
  end
  return entry`;

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
  /** Tells all instances what a writer has just made true. */
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

  async function set(code: string, lookup: Lookup, options: { NX?: true }) {
    const expiration = { type: "PX", value: lifetimeMs(lookup) } as const;
    await orUndefined(
      redis.set(`link:${code}`, encode(lookup), { ...options, expiration }),
    );
  }

  return {
    async visit({ code, isClick, visitor }) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const entry = await orUndefined(redis.eval(VISIT, {
        keys: [`link:${code}`, CLICKS_PENDING, `uniques:${code}`],
        arguments: [isClick ? `${code} ${day}` : "", visitor],
      }));
      if (entry === undefined) return { status: "away" };
      return entry === null ? { status: "miss" } : decode(String(entry));
    },
    fill: (code, lookup) => set(code, lookup, { NX: true }),
    replace: (code, lookup) => set(code, lookup, {}),
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
