/** Rejects when a store has not answered by then. The command itself cannot be called back: it may still happen. */
export async function withinDeadline<T>(
  command: Promise<T>,
  deadlineMs: number,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${deadlineMs} ms`)),
    deadlineMs,
  );
  command.catch(() => {}); // When it is late, nobody waits for it any more.
  try {
    return await Promise.race([command, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
