/** What `promise` comes to; undefined when that takes longer than `timeMs` of real time. Rejects as `promise` does. */
export async function within<T>(
  timeMs: number,
  promise: Promise<T>,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
