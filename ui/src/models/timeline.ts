/**
 * The evidence trace, laid out: which lane, which span, which track. Pure; drawn by components/timeline.
 *
 * @module
 */
import type { TraceKind, TraceRow } from "@contract/trace.ts";

export interface Timeline {
  /** The lab first where it did something, then the instances by name. */
  readonly lanes: readonly Lane[];
  /** In the order in which things happened. */
  readonly rows: readonly TimelineRow[];
  readonly spans: readonly Span[];
  readonly endMs: number;
}

export interface Lane {
  /** "A"; undefined is the lab. */
  readonly instance: string | undefined;
  /** Bars that stand side by side at the same time, at most. */
  readonly trackCount: number;
}

export interface TimelineRow extends TraceRow {
  readonly index: number;
  readonly lane: number;
  readonly role: "start" | "middle" | "end" | "point";
  /** Index into `spans`; the row's own `span` is a number of the trace. */
  readonly spanIndex?: number;
  /** Set when remarkably much time has passed since the row before. */
  readonly quietMs?: number;
}

export interface Span {
  readonly kind: TraceKind;
  readonly lane: number;
  readonly track: number;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly startMs: number;
  readonly endMs: number;
  /** What was asked: "GET limit:alice". */
  readonly text: string;
  /** What came back: "→ 9". Absent when nothing ever did. */
  readonly reply?: string;
  readonly held?: Hold;
}

/** The time that a gate held the command back. */
export interface Hold {
  /** The last row before it was let go. */
  readonly untilRow: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly heldMs: number;
}

/** A pause is marked when it is this long and ten times the usual. */
const QUIET_MS_MIN = 5;

/** Times are rounded to a tenth, sums of two of them to a little more. */
const CLOCK_MS = 0.2;

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
    lanes: names.map((instance, lane) => ({
      instance,
      trackCount: countTracks(spans.filter((span) => span.lane === lane)),
    })),
    rows: describeRows(rows, spans, laneOf),
    spans,
    endMs: rows.at(-1)?.atMs ?? 0,
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

function findSpans(
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

/** Requests stand on the outer tracks and what they caused on the inner ones, each on the first that is free. */
function withTracks(spans: readonly Span[]): Span[] {
  const outer = spans.filter(isRequest);
  const inner = spans.filter((span) => !isRequest(span));
  const placed = [...placeOnTracks(outer)];
  const outerCounts = Map.groupBy(placed, ({ lane }) => lane);
  for (const span of placeOnTracks(inner)) {
    const offset = countTracks(outerCounts.get(span.lane) ?? []);
    placed.push({ ...span, track: span.track + offset });
  }
  return placed.sort((a, b) => a.firstRow - b.firstRow);
}

function isRequest({ kind }: Span): boolean {
  return kind === "request";
}

function* placeOnTracks(spans: readonly Span[]): Generator<Span> {
  const lastRows = new Map<number, number[]>();
  for (const span of spans) {
    const tracks = lastRows.get(span.lane) ?? [];
    lastRows.set(span.lane, tracks);
    const free = tracks.findIndex((lastRow) => lastRow < span.firstRow);
    const track = free === -1 ? tracks.length : free;
    tracks[track] = span.lastRow;
    yield { ...span, track };
  }
}

function countTracks(spans: readonly Span[]): number {
  return Math.max(0, ...spans.map(({ track }) => track + 1));
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
