/** How many notifications a user has had today. */
import type { Context } from "@contract/system.ts";

export interface CappedSend {
  readonly user: string;
  /** The user's day. */
  readonly day: string;
  readonly perDay: number;
  readonly notificationId: string;
}

/** Whether this notification may still be sent today; counts it if so. The row's lock puts everybody in line. */
export async function takeFromCap(
  { sql }: Context,
  { user, day, perDay, notificationId }: CappedSend,
): Promise<boolean> {
  if (perDay === 0) return false;
  const [row] = await sql<{ isCounted: boolean }[]>`
    INSERT INTO caps (user_id, day, counted)
    VALUES (${user}, ${day}, ARRAY[${notificationId}])
    ON CONFLICT (user_id, day) DO UPDATE SET counted = CASE
      WHEN ${notificationId} = ANY(caps.counted)
        OR cardinality(caps.counted) >= ${perDay} THEN caps.counted
      ELSE caps.counted || excluded.counted END
    RETURNING ${notificationId} = ANY(counted) AS "isCounted"`;
  return row!.isCounted;
}
