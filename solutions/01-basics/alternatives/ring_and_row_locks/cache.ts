/**
 * Hot entries in Redis. A writer puts a tombstone before and after it writes, and leaves it there: until its lifetime
 * is over nobody fills, and everybody asks Postgres. Readers fill with NX, so a tombstone or a faster reader stays.
 */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";
import type { Entry } from "./entry.ts";

/** A write waits for it twice. */
const DEADLINE_MS = 400;
const TOMBSTONE = "written to";
/** Longer than any write or fill is on its way. */
const TOMBSTONE_SEC = 120;

export type Glance =
  | { readonly status: "hit"; readonly entry: Entry }
  | { readonly status: "miss" }
  | { readonly status: "away" };

export interface Cache {
  look(key: string): Promise<Glance>;
  fill(entry: Entry): Promise<void>;
  bury(key: string): Promise<void>;
}

export function openCache({ redis, config }: Context): Cache {
  return {
    async look(key) {
      try {
        const text = await withinDeadline(redis.get(nameOf(key)), DEADLINE_MS);
        if (text === null) return { status: "miss" };
        if (text === TOMBSTONE) return { status: "away" };
        return { status: "hit", entry: JSON.parse(text) };
      } catch {
        return { status: "away" };
      }
    },
    async fill(entry) {
      const expiration = { type: "EX", value: Number(config.cacheTtlSec) };
      const filled = redis.set(nameOf(entry.key), JSON.stringify(entry), {
        NX: true,
        expiration: expiration as { type: "EX"; value: number },
      });
      await withinDeadline(filled, DEADLINE_MS).catch(() => {});
    },
    async bury(key) {
      const buried = redis.set(nameOf(key), TOMBSTONE, {
        expiration: { type: "EX", value: TOMBSTONE_SEC },
      });
      await withinDeadline(buried, DEADLINE_MS).catch(() => {});
    },
  };
}

function nameOf(key: string): string {
  return `entry:${key}`;
}
