/** Lays a trace out: which lane, which span, which track. Pure; drawn by components/timeline. */
import type { TraceRow } from "@contract/trace.ts";
import { findSpans } from "./spans.ts";
import { lanesFor, withTracks } from "./tracks.ts";
import type { Span, Timeline, TimelineRow } from "./types.ts";

/** A pause is marked when it is this long and ten times the usual. */
const QUIET_MS_MIN = 5;

export function layOutTimeline(trace: readonly TraceRow[]): Timeline {
  const ordered = [...trace].sort((a, b) => a.atMs - b.atMs);
  // "Held" is told by the bar of its command; rows of their own would say it again.
  const rows = ordered.filter((row) => !isOnlyHeld(row));
  const letGo = new Map(
    ordered.filter(({ heldMs }) => heldMs !== undefined)
      .map((row) => [row.span, row]),
  );
  const names = laneNames(rows);
  const laneOf = (row: TraceRow) => names.indexOf(row.instance);
  const spans = withTracks(findSpans(rows, letGo, laneOf));
  return {
    lanes: lanesFor(names, spans),
    rows: describeRows(rows, spans, laneOf),
    spans,
  };
}

function isOnlyHeld({ span, heldMs, durationMs }: TraceRow): boolean {
  return span !== undefined && heldMs !== undefined && durationMs === undefined;
}

function laneNames(rows: readonly TraceRow[]): (string | undefined)[] {
  const instances = new Set(rows.map(({ instance }) => instance));
  const named = [...instances].filter((each) => each !== undefined).sort();
  return instances.has(undefined) ? [undefined, ...named] : named;
}

function describeRows(
  rows: readonly TraceRow[],
  spans: readonly Span[],
  laneOf: (row: TraceRow) => number,
): TimelineRow[] {
  const quietMs = quietLimit(rows);
  const spanIndexes = new Map(
    spans.map((span, index) => [rows[span.firstRow]!.span, index]),
  );
  return rows.map((row, index) => {
    const spanIndex = row.span === undefined
      ? undefined
      : spanIndexes.get(row.span);
    const passedMs = index === 0 ? 0 : row.atMs - rows[index - 1]!.atMs;
    return {
      ...row,
      index,
      lane: laneOf(row),
      role: roleOf(
        index,
        row,
        spanIndex === undefined ? undefined : spans[spanIndex],
      ),
      spanIndex,
      count: 1,
      quietMs: passedMs >= quietMs ? passedMs : undefined,
    };
  });
}

function roleOf(
  index: number,
  row: TraceRow,
  span: Span | undefined,
): TimelineRow["role"] {
  if (span === undefined) return "point";
  if (index === span.firstRow) return "start";
  return row.durationMs === undefined ? "middle" : "end";
}

function quietLimit(rows: readonly TraceRow[]): number {
  const steps = rows.slice(1)
    .map(({ atMs }, index) => atMs - rows[index]!.atMs)
    .filter((stepMs) => stepMs > 0)
    .sort((a, b) => a - b);
  const usualMs = steps[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(QUIET_MS_MIN, usualMs * 10);
}
