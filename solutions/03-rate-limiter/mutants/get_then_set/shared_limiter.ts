/** Counts in Redis, for all instances together. */
import type { Context } from "@contract/system.ts";
import { algorithmOf, type Limiter, stateKey, termsOf } from "./algorithm.ts";

export function sharedLimiter(redis: Context["redis"]): Limiter {
  return {
    async take(request) {
      const { policy } = request.named;
      const key = stateKey(request);
      const [stored, now] = await redis.mGet([key, "kit:now"]);
      const terms = termsOf(policy, { cost: request.cost, nowMs: Number(now) });
      const { state, decision } = algorithmOf(policy).decide(
        stored ? JSON.parse(stored) : undefined,
        terms,
      );
      if (decision.isAdmitted) {
        await redis.set(key, JSON.stringify(state), {
          expiration: { type: "PX", value: 2 * terms.windowMs },
        });
      }
      return decision;
    },
  };
}
