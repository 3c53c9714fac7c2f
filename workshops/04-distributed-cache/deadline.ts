/** Rejects when a store has not answered by then. */
export function withinDeadline<T>(
  command: Promise<T>,
  _deadlineMs: number,
): Promise<T> {
  // TODO 04.7
  return command;
}
