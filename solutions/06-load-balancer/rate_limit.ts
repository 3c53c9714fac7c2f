/** So many requests a user and minute, over all instances: one counter in Redis for each. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

const MINUTE_MS = 60_000;
/** Real time after which Redis counts as away. */
const TIMEOUT_MS = 1_000;

export interface RateLimit {
  /** Throws the 429. */
  take(user: string): Promise<void>;
}

/** Undefined when there is no limit. */
export function openRateLimit(
  { config, redis, clock, log }: Context,
): RateLimit | undefined {
  const limit = Number(config.limitPerMin);
  if (limit === 0) return undefined;

  return {
    async take(user) {
      const nowMs = clock.now();
      const minute = Math.floor(nowMs / MINUTE_MS);
      const taken = await count(`limit:${user}:${minute}`);
      if (taken > limit) throw tooMany((minute + 1) * MINUTE_MS - nowMs);
    },
  };

  /** Counting and looking are one step, so no two requests see the same number. */
  async function count(key: string): Promise<number> {
    const silence = Promise.withResolvers<never>();
    const timer = setTimeout(() => silence.reject("silence"), TIMEOUT_MS);
    try {
      const counting = redis.multi().incr(key).expire(key, 120).exec();
      const [taken] = await Promise.race([counting, silence.promise]);
      return Number(taken);
    } catch (error) {
      // A gateway without its counter lets people in: the limit protects from excess, not from intruders.
      log("limit not counted", { error: String(error) });
      return 0;
    } finally {
      clearTimeout(timer);
    }
  }
}

function tooMany(leftMs: number): ProblemError {
  return new ProblemError({
    status: 429,
    code: "rate_limited",
    detail: "Too many requests in this minute",
    headers: { "retry-after": String(Math.ceil(leftMs / 1000)) },
  });
}
