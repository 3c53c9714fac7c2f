/** How many notifications a user has had today: a row each, counted and added to by one worker at a time. */
import type { Context } from "@contract/system.ts";

export interface CappedSend {
  readonly user: string;
  /** The user's day. */
  readonly day: string;
  readonly perDay: number;
  readonly notificationId: string;
}

/** Whether this notification may still be sent today; counts it if so. Workers with one user and day stand in line. */
export async function takeFromCap(
  { sql }: Context,
  { user, day, perDay, notificationId }: CappedSend,
): Promise<boolean> {
  const lock = `cap ${user} ${day}`;
  return await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext(${lock}))`;
    const counted = await transaction<{ id: string }[]>`
      SELECT notification_id AS id FROM capped
      WHERE user_id = ${user} AND day = ${day}`;
    if (counted.some(({ id }) => id === notificationId)) return true;
    if (counted.length >= perDay) return false;
    await transaction`
      INSERT INTO capped (user_id, day, notification_id)
      VALUES (${user}, ${day}, ${notificationId})`;
    return true;
  });
}
