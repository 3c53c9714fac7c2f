/**
 * Hot links in Redis. Whoever finds nothing gets a lease, and fills only as long as nobody has got another one and
 * nobody has written. Writers only forget: what they know the next reader finds out.
 */
import type { Context } from "@contract/system.ts";
import { CLICKS_PENDING } from "./clicks.ts";
import type { Lookup } from "./links.ts";

const REDIS_DEADLINE_MS = 300;
/** Longer than any reader is under way. */
const LEASE_MS = 60_000;

const COUNT_CLICK = `
  if ARGV[1] ~= '' then
    redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
    redis.call('PFADD', KEYS[3], ARGV[2])
  end`;

const VISIT = `
  local entry = redis.call('GET', KEYS[1])
  if not entry then
    redis.call('SET', KEYS[4], ARGV[4], 'PX', ${LEASE_MS})
    return false
  end
  if string.sub(entry, 1, 1) ~= '{' then return entry end
  local expiresAtMs = cjson.decode(entry).expiresAtMs
  if expiresAtMs and expiresAtMs <= tonumber(ARGV[3]) then return 'gone' end
  ${COUNT_CLICK}
  return entry`;

const FILL = `
  if redis.call('GET', KEYS[2]) ~= ARGV[3] then return end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  redis.call('DEL', KEYS[2])`;

export interface Visit {
  readonly code: string;
  readonly isClick: boolean;
  readonly visitor: string;
}

export type Glance =
  | Lookup
  | { readonly status: "miss"; readonly lease: string }
  | { readonly status: "away" };

export interface LinkCache {
  visit(visit: Visit): Promise<Glance>;
  fill(code: string, lookup: Lookup, lease: string): Promise<void>;
  /** For a visit that the cache could not answer. */
  countClick(visit: Visit): Promise<void>;
  replace(code: string, lookup: Lookup): Promise<void>;
}

export function linkCache({ redis, config, clock }: Context): LinkCache {
  const run = (script: string, visit: Visit, lease = "") => {
    const { code, isClick, visitor } = visit;
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    return orUndefined(redis.eval(script, {
      keys: [entryOf(code), CLICKS_PENDING, `uniques:${code}`, leaseOf(code)],
      arguments: [
        isClick ? `${code} ${day}` : "",
        visitor,
        String(clock.now()),
        lease,
      ],
    }));
  };
  return {
    async visit(visit) {
      const lease = crypto.randomUUID();
      const entry = await run(VISIT, visit, lease);
      if (entry === undefined) return { status: "away" };
      return entry === null ? { status: "miss", lease } : decode(String(entry));
    },
    async countClick(visit) {
      await run(COUNT_CLICK, visit);
    },
    async fill(code, lookup, lease) {
      const expiresAtMs = lookup.status === "live"
        ? lookup.link.expiresAtMs ?? Infinity
        : Infinity;
      const longestMs = Number(config.cacheTtlSec) * 1000;
      const lifetimeMs = Math.min(longestMs, expiresAtMs - clock.now());
      await orUndefined(redis.eval(FILL, {
        keys: [entryOf(code), leaseOf(code)],
        arguments: [encode(lookup), String(Math.max(1, lifetimeMs)), lease],
      }));
    },
    async replace(code) {
      await orUndefined(redis.del([entryOf(code), leaseOf(code)]));
    },
  };
}

function entryOf(code: string): string {
  return `link:${code}`;
}

function leaseOf(code: string): string {
  return `lease:${code}`;
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
