/**
 * 01.4: hot entries in Redis. A help, never a need: a cache that fails is a cache that does not know.
 *
 * Readers fill and writers write with the same script, which keeps the higher version. So a slow reader cannot put
 * an old entry over a new one.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Entry } from "./entry.ts";

/** Half of what a request may take while Redis is away: afterwards Postgres is asked. */
const DEADLINE_MS = 500;

const KEEP_NEWER = `
  local cached = redis.call('GET', KEYS[1])
  if cached and cjson.decode(cached).version >= tonumber(ARGV[1]) then
    return 0
  end
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
  return 1`;

export type Glance =
  | { readonly status: "hit"; readonly entry: Entry }
  | { readonly status: "miss" }
  | { readonly status: "away" };

export interface Cache {
  look(key: string): Promise<Glance>;
  /** Resolves once every instance would see it, or Redis is away. */
  keep(entry: Entry): Promise<void>;
}

export function openCache({ redis, config }: Context): Cache {
  return {
    async look(key) {
      try {
        const text = await withinDeadline(redis.get(nameOf(key)), DEADLINE_MS);
        return text === null
          ? { status: "miss" }
          : { status: "hit", entry: JSON.parse(text) };
      } catch {
        // Silent, cut off, or restarting: all the same to the reader, who asks Postgres.
        return { status: "away" };
      }
    },

    async keep(entry) {
      const kept = redis.eval(KEEP_NEWER, {
        keys: [nameOf(entry.key)],
        arguments: [
          String(entry.version),
          JSON.stringify(entry),
          String(config.cacheTtlSec),
        ],
      });
      // If it is lost, readers may see the old entry for the rest of its lifetime: that is what the lifetime is for.
      await withinDeadline(kept, DEADLINE_MS).catch(() => {});
    },
  };
}

function nameOf(key: string): string {
  return `entry:${key}`;
}
