/** Calls for bulk per second and provider, of all instances together. */
import type { Context } from "@contract/system.ts";
import type { Channel } from "./channels.ts";

/** Looks and takes in one step, on the store's clock (in production: TIME). */
const TAKE = `
  local second = math.floor(tonumber(redis.call('GET', KEYS[2])) / 1000)
  if tonumber(redis.call('HGET', KEYS[1], 'second') or 0) ~= second then
    redis.call('HSET', KEYS[1], 'second', second, 'used', 0)
  end
  local free = tonumber(ARGV[2]) - tonumber(redis.call('HGET', KEYS[1], 'used'))
  local granted = math.max(0, math.min(tonumber(ARGV[1]), free))
  redis.call('HINCRBY', KEYS[1], 'used', granted)
  return granted`;

export function paceOf({ redis }: Context, perSec: number) {
  return {
    /** How many of these calls may be made in this second. What was granted counts, whether it is used or not. */
    async take(channel: Channel, calls: number): Promise<number> {
      const granted = await redis.eval(TAKE, {
        keys: [`pace:${channel}`, "kit:now"],
        arguments: [String(calls), String(perSec)],
      });
      return Number(granted);
    },
  };
}
