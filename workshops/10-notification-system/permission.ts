/** Whether a user wants this now. Asked right before sending, for wishes change while a notification waits. */
import type { Context } from "@contract/system.ts";
import type { Claimed } from "./queue.ts";

export function hindranceOf(
  _context: Context,
  _claimed: Claimed,
): Promise<"opted_out" | "cap" | { readonly untilMs: number } | undefined> {
  // TODO 10.5: the channel, then quiet hours (local_time.ts), then the cap (cap.ts).
  return Promise.resolve(undefined);
}
