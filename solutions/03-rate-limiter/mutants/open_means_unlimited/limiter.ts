/** Asks the shared store, and says what happens when it does not answer. */
import type { Context } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { sharedLimiter } from "./shared_limiter.ts";
import { storeAway, withinDeadline } from "./store_away.ts";

export function openLimiter(
  { redis, config, log }: Context,
): Limiter {
  const deadlineMs = Number(config.storeDeadlineMs);
  const shared = sharedLimiter(redis);
  return {
    async take(request) {
      try {
        return await withinDeadline(shared.take(request), deadlineMs);
      } catch (error) {
        log("store away", { error: String(error) });
        if (request.named.policy.failMode === "closed") throw storeAway();
        return { isAdmitted: true, left: 0, resetMs: 1000, retryMs: 0 };
      }
    },
  };
}
