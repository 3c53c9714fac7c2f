/** How many notifications a user has had today. */
import type { Context } from "@contract/system.ts";

export interface CappedSend {
  readonly user: string;
  /** The user's day: "2030-01-31". */
  readonly day: string;
  readonly perDay: number;
  readonly notificationId: string;
}

/** Whether this notification may still be sent today; counts it if so. */
export function takeFromCap(
  _context: Context,
  _send: CappedSend,
): Promise<boolean> {
  // TODO 10.5: look and count in one step.
  return Promise.resolve(true);
}
