/**
 * 01.4: hot entries in Redis. Whoever writes says so before and after, and takes the entry out. Who looks meanwhile
 * does not fill, and neither does who looked before: so no order of messages brings an old entry back, not even when
 * Redis has lost the beginning of a write before its end comes.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Entry } from "./entry.ts";

/** A write waits for it twice. */
const DEADLINE_MS = 400;

/**
 * A hash for each key: the entry, how many write it now, and which write was the last to begin. A write does not renew
 * its lifetime (NX): one that was killed before its end is forgotten when that is over.
 */
const BEGIN = `
  redis.call('HDEL', KEYS[1], 'entry')
  redis.call('HINCRBY', KEYS[1], 'writers', 1)
  redis.call('HSET', KEYS[1], 'begun', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[1], 'NX')`;

/** Whose beginning got lost, or was forgotten meanwhile, makes up for it: who has looked since then must not fill. */
const END = `
  if redis.call('HINCRBY', KEYS[1], 'writers', -1) < 0 then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'begun', ARGV[2])
    redis.call('EXPIRE', KEYS[1], ARGV[1])
  end`;

const FILL = `
  local writers = redis.call('HGET', KEYS[1], 'writers') or '0'
  local begun = redis.call('HGET', KEYS[1], 'begun') or '0'
  if writers == '0' and begun == ARGV[2] then
    redis.call('HSET', KEYS[1], 'entry', ARGV[3])
    redis.call('EXPIRE', KEYS[1], ARGV[1])
  end`;

export type Glance =
  | { readonly status: "hit"; readonly entry: Entry }
  /** `begun` is for `fill`, which has to know what the reader knew. */
  | { readonly status: "miss"; readonly begun: string }
  /** Redis is away, or somebody writes: what is read now may be old when it could be kept. */
  | { readonly status: "away" | "busy" };

export interface Cache {
  look(key: string): Promise<Glance>;
  fill(entry: Entry, begun: string): Promise<void>;
  /** From here until `end` nobody caches this key. */
  begin(key: string): Promise<void>;
  end(key: string): Promise<void>;
}

export function openCache({ redis, config }: Context): Cache {
  const run = async (script: string, key: string, rest: string[] = []) => {
    const done = redis.eval(script, {
      keys: [nameOf(key)],
      arguments: [String(config.cacheTtlSec), ...rest],
    });
    // What is lost here costs freshness until the lifetime ends, and no more.
    await withinDeadline(done, DEADLINE_MS).catch(() => {});
  };
  return {
    async look(key) {
      try {
        const [entry, begun, writers] = await withinDeadline(
          redis.hmGet(nameOf(key), ["entry", "begun", "writers"]),
          DEADLINE_MS,
        );
        if (entry) return { status: "hit", entry: JSON.parse(entry) };
        return (writers ?? "0") === "0"
          ? { status: "miss", begun: begun ?? "0" }
          : { status: "busy" };
      } catch {
        return { status: "away" };
      }
    },
    fill: (entry, begun) =>
      run(FILL, entry.key, [begun, JSON.stringify(entry)]),
    begin: (key) => run(BEGIN, key, [crypto.randomUUID()]),
    end: (key) => run(END, key, [crypto.randomUUID()]),
  };
}

function nameOf(key: string): string {
  return `entry:${key}`;
}
