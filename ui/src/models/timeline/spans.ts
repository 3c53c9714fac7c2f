/** Which rows of a trace belong together. */
import type { TraceRow } from "@contract/trace.ts";
import type { Hold, Span } from "./types.ts";

/** Times are rounded to a tenth, sums of two of them to a little more. */
const CLOCK_MS = 0.2;

/** Joins calls with their answers, in the order of the calls; on tracks they are put later. */
export function findSpans(
  rows: readonly TraceRow[],
  letGo: ReadonlyMap<number | undefined, TraceRow>,
  laneOf: (row: TraceRow) => number,
): Span[] {
  const indexes = Map.groupBy(rows.keys(), (index) => rows[index]!.span);
  const spans: Span[] = [];
  for (const [id, [firstRow, ...later]] of indexes) {
    if (id === undefined || firstRow === undefined) continue;
    const first = rows[firstRow]!;
    // Its beginning was dropped from a long trace: what is left is a point.
    if (first.durationMs !== undefined) continue;
    const lane = laneOf(first);
    const endRow = later.findLast((index) =>
      rows[index]!.durationMs !== undefined
    );
    const lastRow = endRow ?? lastRowOfUnanswered(rows, firstRow);
    spans.push({
      kind: first.kind,
      lane,
      track: 0,
      firstRow,
      lastRow,
      startMs: first.atMs,
      endMs: rows[lastRow]!.atMs,
      text: first.text,
      reply: endRow === undefined ? undefined : rows[endRow]!.text,
      count: 1,
      held: findHold(rows, first, letGo.get(id)),
    });
  }
  return spans.sort((a, b) => a.firstRow - b.firstRow);
}

/** An unanswered command lasts until its instance is killed, else to the end of the trace. */
function lastRowOfUnanswered(rows: readonly TraceRow[], first: number): number {
  const { instance } = rows[first]!;
  const death = rows.findIndex((row, index) =>
    index > first && row.kind === "process" && row.instance === instance
  );
  return death === -1 ? rows.length - 1 : death;
}

function findHold(
  rows: readonly TraceRow[],
  first: TraceRow,
  letGo: TraceRow | undefined,
): Hold | undefined {
  if (letGo?.heldMs === undefined) return undefined;
  const { atMs, durationMs, heldMs } = letGo;
  // The answer's row tells how long, a row of its own also until when.
  const toMs = durationMs === undefined ? atMs : first.atMs + heldMs;
  return {
    untilRow: rows.findLastIndex((row) => row.atMs <= toMs + CLOCK_MS),
    fromMs: Math.max(first.atMs, toMs - heldMs),
    toMs,
    heldMs,
  };
}
