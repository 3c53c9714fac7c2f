/** Whether a user wants this now. Asked right before sending, for wishes change while a notification waits. */
import type { Context } from "@contract/system.ts";
import { takeFromCap } from "./cap.ts";
import { localDay, quietUntilMs } from "./local_time.ts";
import type { Preferences } from "./parse.ts";
import { getPreferences } from "./preferences.ts";
import type { Claimed, Outcome } from "./queue.ts";

/** What hinders each of them; undefined: nothing. */
export async function hindrances(
  context: Context,
  claimed: readonly Claimed[],
): Promise<(Outcome | undefined)[]> {
  const users = claimed.map(({ user }) => user);
  const preferencesOf = await getPreferences(context.sql, users);
  return Promise.all(
    claimed.map((one) => hindranceOf(context, one, preferencesOf(one.user))),
  );
}

async function hindranceOf(
  context: Context,
  { channel, rank, user, notificationId }: Claimed,
  { channels, tz, quietHours, capPerDay }: Preferences,
): Promise<Outcome | undefined> {
  if (!channels.includes(channel)) {
    return {
      status: "suppressed",
      reason: "opted_out",
      isAttempt: false,
      goesOn: true,
    };
  }
  // Somebody waits for a one-time password, and asked for it.
  if (rank === 0) return undefined;
  const nowMs = context.clock.now();
  const untilMs = quietHours && quietUntilMs(nowMs, { tz, ...quietHours });
  if (untilMs !== undefined) {
    return { status: "queued", isAttempt: false, dueMs: untilMs };
  }
  if (capPerDay === undefined) return undefined;
  const day = localDay(nowMs, tz);
  const isWithin = await takeFromCap(context, {
    user,
    day,
    perDay: capPerDay,
    notificationId,
  });
  return isWithin
    ? undefined
    : { status: "suppressed", reason: "cap", isAttempt: false };
}
