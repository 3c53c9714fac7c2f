/** Asks the shared store, and says what happens when it does not answer. */
import type { Context } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { localLimiter } from "./local_limiter.ts";
import { sharedLimiter } from "./shared_limiter.ts";
import { storeAway, timeLeft, withinDeadline } from "./store_away.ts";

export function openLimiter({ redis, clock, log }: Context): Limiter {
  const shared = sharedLimiter(redis);
  const local = localLimiter(clock);
  return {
    async take(request) {
      try {
        return await withinDeadline(shared.take(request), timeLeft(request));
      } catch (error) {
        log("store away", { error: String(error) });
        if (request.named.policy.failMode === "closed") throw storeAway();
        return local.take(request);
      }
    },
  };
}
