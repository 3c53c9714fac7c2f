/** So many requests a user and minute, over all instances. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface RateLimit {
  /** Throws the 429. */
  take(user: string): Promise<void>;
}

/** Undefined when there is no limit. */
export function openRateLimit({ config }: Context): RateLimit | undefined {
  if (Number(config.limitPerMin) === 0) return undefined;
  return {
    take(_user) {
      throw notImplemented(
        "06.8 Edge security and observability",
        "count in Redis in rate_limit.ts",
      );
    },
  };
}
