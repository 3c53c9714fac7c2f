/** Counts in Redis, for all instances together. One script per decision: nobody gets between its look and its write. */
import type { Context } from "@contract/system.ts";
import { algorithmOf, type Limiter, stateKey, termsOf } from "./algorithm.ts";

/** The run's time as Redis sees it: one clock for all instances, however wrong their own are. In production: `TIME`. */
const STORE_CLOCK = "kit:now";

const PRELUDE = `
  local key, now = KEYS[1], tonumber(redis.call('GET', KEYS[2]))
  local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
  local burst, cost = tonumber(ARGV[3]), tonumber(ARGV[4])`;

export function sharedLimiter(redis: Context["redis"]): Limiter {
  return {
    async take(request) {
      const { policy } = request.named;
      if (await redis.get("limiter:off")) {
        return { isAdmitted: true, left: 0, resetMs: 0, retryMs: 0 };
      }
      const { limit, windowMs, burst, cost } = termsOf(policy, {
        cost: request.cost,
        nowMs: 0, // The script asks the store.
      });
      const reply = await redis.eval(PRELUDE + algorithmOf(policy).script, {
        keys: [stateKey(request), STORE_CLOCK],
        arguments: [limit, windowMs, burst, cost].map(String),
      });
      const [admitted, left, resetMs, retryMs] = reply as [
        number,
        number,
        number,
        number,
      ];
      return { isAdmitted: admitted === 1, left, resetMs, retryMs };
    },
  };
}
