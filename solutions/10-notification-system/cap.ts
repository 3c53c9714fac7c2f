/** How many notifications a user has had today. */
import type { Context } from "@contract/system.ts";

/** Longer than any day; it only tidies up. */
const KEPT_MS = 48 * 3_600_000;

export interface CappedSend {
  readonly user: string;
  /** The user's day. */
  readonly day: string;
  readonly perDay: number;
  readonly notificationId: string;
}

/**
 * Looks and counts in one step: of twenty workers that ask at the same moment five pass. It keeps ids and not a number,
 * so that a second attempt is not a second notification.
 */
const TAKE = `
  if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1`;

/** Whether this notification may still be sent today; counts it if so. */
export async function takeFromCap(
  { redis }: Context,
  { user, day, perDay, notificationId }: CappedSend,
): Promise<boolean> {
  const reply = await redis.eval(TAKE, {
    keys: [`cap:${day}:${user}`],
    arguments: [notificationId, String(perDay), String(KEPT_MS)],
  });
  return reply === 1;
}
