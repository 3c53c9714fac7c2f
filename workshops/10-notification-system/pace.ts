/** Calls for bulk per second and provider, of all instances together. */
import type { Context } from "@contract/system.ts";
import type { Channel } from "./channels.ts";

export function paceOf(_context: Context, _perSec: number) {
  return {
    /** How many of these calls may be made in this second. */
    take(_channel: Channel, calls: number): Promise<number> {
      // TODO 10.8: count them, per second of the clock.
      return Promise.resolve(calls);
    },
  };
}
