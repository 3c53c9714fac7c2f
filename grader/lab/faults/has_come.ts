import { within } from "../expect/within.ts";
import type { Gate } from "./types.ts";

/**
 * Whether the gate holds something, within 2 s or `withinMs` if that is shorter; for a check that goes on either way.
 */
export async function hasCome(
  { reached }: Gate,
  { withinMs }: { readonly withinMs?: number } = {},
): Promise<boolean> {
  const hasReached = reached.then(() => true, () => false);
  if (withinMs === undefined) return await hasReached;
  return await within(withinMs, hasReached) ?? false;
}
