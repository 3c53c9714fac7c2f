/** Who says yes or no: this instance alone, or all together. */
import type { Context } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { localLimiter } from "./local_limiter.ts";

export function openLimiter({ clock }: Context): Limiter {
  // TODO 03.4: the shared limiter. 03.6: what if the store does not answer within `config.storeDeadlineMs`?
  return localLimiter(clock);
}
