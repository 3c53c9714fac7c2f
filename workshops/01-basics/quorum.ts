import { notImplemented } from "./problem.ts";

/** The first `needed` answers to come; rejects once so many cannot come any more, or not in time. */
export function quorum<T>(
  _calls: readonly Promise<T>[],
  _options: { readonly needed: number; readonly deadlineMs: number },
): Promise<T[]> {
  // TODO 01.7: do not wait for the slowest.
  throw notImplemented("01.7 CP register", "wait for a majority in quorum.ts");
}
