/** How many links one user may create per window: nothing to do before stage 02.6. */
import type { Context } from "@contract/system.ts";

/** Takes one creation from the user's quota; gives the headers to send. Throws a 429 when none is left. */
export function takeFromQuota(
  _context: Context,
  _user: string,
): Promise<Record<string, string>> {
  // TODO 02.6
  return Promise.resolve({});
}
