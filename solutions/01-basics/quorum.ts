import { withinDeadline } from "./deadline.ts";

/** The first `needed` answers to come; rejects once so many cannot come any more, or not in time. */
export function quorum<T>(
  calls: readonly Promise<T>[],
  { needed, deadlineMs }: {
    readonly needed: number;
    readonly deadlineMs: number;
  },
): Promise<T[]> {
  const answers: T[] = [];
  let lost = 0;
  const enough = Promise.withResolvers<T[]>();
  for (const call of calls) {
    call.then(
      (answer) => {
        answers.push(answer);
        if (answers.length === needed) enough.resolve([...answers]);
      },
      (error) => {
        lost++;
        if (lost > calls.length - needed) enough.reject(error);
      },
    );
  }
  return withinDeadline(enough.promise, deadlineMs);
}
