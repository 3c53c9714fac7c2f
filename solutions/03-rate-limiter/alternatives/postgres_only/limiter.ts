/** Asks Postgres, and says what happens when it does not answer. */
import type { Context } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { localLimiter } from "./local_limiter.ts";
import { forgetSilent, sharedLimiter } from "./shared_limiter.ts";
import { storeAway, timeLeft, withinDeadline } from "./store_away.ts";

const FORGET_EVERY_MS = 60_000;

export function openLimiter({ sql, clock, signal, log }: Context): Limiter {
  const shared = sharedLimiter(sql);
  const local = localLimiter(clock);
  const timer = setInterval(
    () => forgetSilent(sql).catch(() => {}),
    FORGET_EVERY_MS,
  );
  signal.addEventListener("abort", () => clearInterval(timer));
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
