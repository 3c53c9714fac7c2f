/** How long to wait before the next attempt. */

/**
 * Twice as long each time, times something between ½ and 1½: a thousand messages that failed together must not come
 * back together. What the provider asks for comes first, and is lengthened only.
 */
export function backoffMs(
  { attempt, baseMs, retryAfterMs }: {
    /** 0 after the first call that failed. */
    readonly attempt: number;
    readonly baseMs: number;
    readonly retryAfterMs?: number;
  },
): number {
  if (retryAfterMs !== undefined) {
    return Math.round(retryAfterMs * (1 + Math.random() / 2));
  }
  return Math.round(baseMs * 2 ** attempt * (0.5 + Math.random()));
}
