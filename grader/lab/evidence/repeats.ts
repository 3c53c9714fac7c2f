import type { TraceRow } from "@contract/trace.ts";

/**
 * Leaves out what polling repeats, one exchange at a time: a question goes with its reply, or both stay. A reply is
 * new when this question has not had it yet, whatever other questions have had.
 */
export class Repeats {
  readonly #open = new Map<number, Question>();

  /** The rows to write: none for a repeat, and a question that was left out before its new reply. */
  newRows(row: TraceRow, seen: Set<string> | undefined): TraceRow[] {
    const { span, durationMs } = row;
    const question = span === undefined ? undefined : this.#open.get(span);
    const key = keyOf(row, question?.row);
    const isRepeat = seen?.has(key) ?? false;
    seen?.add(key);
    if (span === undefined) return isRepeat ? [] : [row];
    if (question === undefined) {
      if (durationMs === undefined) {
        this.#open.set(span, { row, isWritten: !isRepeat });
      }
      return isRepeat ? [] : [row];
    }
    if (durationMs !== undefined) this.#open.delete(span);
    if (question.isWritten) return [row];
    return isRepeat ? [] : [question.row, row];
  }

  /** What was asked until now is forgotten. */
  clear(): void {
    this.#open.clear();
  }
}

interface Question {
  readonly row: TraceRow;
  readonly isWritten: boolean;
}

function keyOf({ instance, kind, text }: TraceRow, question?: TraceRow) {
  const asked = question === undefined ? "" : `${question.text} `;
  return `${instance} ${kind} ${asked}${text}`;
}
