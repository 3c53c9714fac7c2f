/** Counts in Redis, for all instances together. */
import type { Context } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { notImplemented } from "./problem.ts";

/** The run's time in milliseconds, as Redis sees it: the same for all instances, however wrong their own clocks are. */
export const STORE_CLOCK = "kit:now";

export function sharedLimiter(_redis: Context["redis"]): Limiter {
  return {
    take(_request) {
      // TODO 03.4: run the script of the policy's algorithm with `redis.eval`, and read its answer.
      throw notImplemented(
        "03.4 Distributed",
        "decide in one step in shared_limiter.ts",
      );
    },
  };
}
