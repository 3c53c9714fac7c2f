/** Where requests under way are remembered: in Redis, for all instances together, or in this process alone. */
import type { Context } from "@contract/system.ts";
import type { ProblemError } from "./problem.ts";
import { withinDeadline } from "./store_away.ts";

/** A set of requests under way, and how many it may hold. */
export interface Bound {
  readonly key: string;
  readonly max: number;
  /** What a request hears that finds the set full. */
  readonly refusal: () => ProblemError;
}

export type Grant =
  | {
    readonly status: "taken";
    /** Places left in the last of the sets. */
    readonly left: number;
    release(): Promise<void>;
  }
  | { readonly status: "full"; readonly bound: Bound };

export interface SlotStore {
  /** Takes a place in each set, or in none. */
  take(bounds: readonly Bound[]): Promise<Grant>;
}

/** KEYS: the clock, then the sets. ARGV: id, lease, then the size of each set. Returns {0, left} or {number of the full set, 0}. */
const TAKE = `
  local now, lease = tonumber(redis.call('GET', KEYS[1])), tonumber(ARGV[2])
  local left = 0
  for set = 1, #KEYS - 1 do
    local key, taken = KEYS[set + 1], 0
    local slots = redis.call('HGETALL', key)
    for i = 1, #slots, 2 do
      if tonumber(slots[i + 1]) > now then
        taken = taken + 1
      else
        redis.call('HDEL', key, slots[i])
      end
    end
    left = tonumber(ARGV[set + 2]) - taken
    if left <= 0 then return {set, 0} end
  end
  for set = 1, #KEYS - 1 do
    redis.call('HSET', KEYS[set + 1], ARGV[1], now + lease)
    redis.call('PEXPIRE', KEYS[set + 1], 2 * lease)
  end
  return {0, left - 1}`;

/**
 * A place is leased, not counted: what a killed instance has added to a counter nobody takes off again, a lease ends
 * by itself.
 */
export function sharedSlots({ redis, config, log }: Context): SlotStore {
  const leaseMs = Number(config.leaseSec) * 1000;
  const deadlineMs = Number(config.storeDeadlineMs);
  return {
    async take(bounds) {
      const id = crypto.randomUUID();
      const reply = await redis.eval(TAKE, {
        keys: ["kit:now", ...bounds.map(({ key }) => key)],
        arguments: [id, leaseMs, ...bounds.map(({ max }) => max)].map(String),
      });
      const [fullSet, left] = reply as [number, number];
      if (fullSet > 0) return { status: "full", bound: bounds[fullSet - 1]! };
      return {
        status: "taken",
        left,
        async release() {
          // Sent together. Should the store be away, the lease gives the place back.
          const leaving = bounds.map(({ key }) => redis.hDel(key, id));
          await withinDeadline(Promise.all(leaving), deadlineMs)
            .catch((error) => log("slot kept", { error: String(error) }));
        },
      };
    },
  };
}

/** The fallback while the store is away. A plain count will do: it dies with its holder. */
export function localSlots(): SlotStore {
  const taken = new Map<string, number>();

  function add(key: string, change: 1 | -1): void {
    const count = (taken.get(key) ?? 0) + change;
    if (count === 0) taken.delete(key);
    else taken.set(key, count);
  }

  return {
    take(bounds) {
      const placesLeft = bounds.map(({ key, max }) =>
        max - (taken.get(key) ?? 0)
      );
      const full = bounds.find((_, set) => placesLeft[set]! <= 0);
      if (full) return Promise.resolve({ status: "full", bound: full });
      bounds.forEach(({ key }) => add(key, 1));
      return Promise.resolve({
        status: "taken",
        left: placesLeft.at(-1)! - 1,
        release() {
          bounds.forEach(({ key }) => add(key, -1));
          return Promise.resolve();
        },
      });
    },
  };
}
