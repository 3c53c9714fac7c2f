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
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), withinMs);
  try {
    return await Promise.race([hasReached, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
