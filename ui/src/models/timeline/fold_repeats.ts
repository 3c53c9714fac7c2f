/**
 * Folds repeats: forty equal rows become one that says so, and forty equal bars one bar.
 *
 * Rows are taken into a block as long as each lane only repeats itself. So within a lane nothing changes
 * its order, and across lanes nothing does but among equal rows of one block.
 *
 * @module
 */
import type { Hold, Span, Timeline, TimelineRow } from "./types.ts";
import { lanesFor, withTracks } from "./tracks.ts";

/** A block of fewer rows stays as it is. */
const BLOCK_ROWS_MIN = 6;

/** Equal rows of one lane, as one. */
type Group = readonly [TimelineRow, ...TimelineRow[]];

export function foldRepeats(timeline: Timeline): Timeline {
  const groups = groupsOf(timeline.rows);
  const lineOf: number[] = [];
  groups.forEach((group, line) => {
    for (const { index } of group) lineOf[index] = line;
  });
  const merged = withTracks(mergeSpans(timeline.spans, lineOf));
  const spanAt = new Map(
    merged.map((span, index) => [keyOf(span), index]),
  );
  const rows = groups.map((group, index): TimelineRow => {
    const [first] = group;
    const span = first.spanIndex === undefined
      ? undefined
      : onLines(timeline.spans[first.spanIndex]!, lineOf);
    return {
      ...first,
      index,
      count: group.length,
      spanIndex: span && spanAt.get(keyOf(span)),
    };
  });
  const instances = timeline.lanes.map(({ instance }) => instance);
  return {
    ...timeline,
    rows,
    spans: merged,
    lanes: lanesFor(instances, merged),
  };
}

function groupsOf(rows: readonly TimelineRow[]): Group[] {
  const groups: Group[] = [];
  let block = new Map<number, TimelineRow[]>();

  function close() {
    const members = [...block.values()];
    const isLong = members.flat().length >= BLOCK_ROWS_MIN;
    const folded = isLong ? members : members.flat().map((row) => [row]);
    groups.push(
      ...(folded as unknown as Group[]).sort(([a], [b]) => a.index - b.index),
    );
    block = new Map();
  }

  function isInPlace(row: TimelineRow): boolean {
    const [first] = block.get(row.lane) ?? [];
    if (first === undefined) return true;
    // Those that it would pass, or that are its own.
    const passed = [...block.values()]
      .filter((rows) => rows.at(-1)!.index >= first.index);
    return passed.every(([other]) => isEqual(other!, row));
  }

  for (const row of rows) {
    if (!isInPlace(row) || row.quietMs !== undefined) close();
    block.set(row.lane, [...block.get(row.lane) ?? [], row]);
  }
  close();
  return groups;
}

function isEqual(left: TimelineRow, right: TimelineRow): boolean {
  return left.kind === right.kind && left.role === right.role &&
    left.text === right.text;
}

/** Spans that begin and end on the same lines are one. */
function mergeSpans(
  spans: readonly Span[],
  lineOf: readonly number[],
): Span[] {
  const groups = Map.groupBy(
    spans.map((span) => onLines(span, lineOf)),
    keyOf,
  );
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    startMs: Math.min(...group.map(({ startMs }) => startMs)),
    endMs: Math.max(...group.map(({ endMs }) => endMs)),
    held: mergeHolds(group.flatMap(({ held }) => held ?? [])),
    count: group.length,
  }));
}

function onLines(span: Span, lineOf: readonly number[]): Span {
  const { firstRow, lastRow, held } = span;
  return {
    ...span,
    firstRow: lineOf[firstRow]!,
    lastRow: lineOf[lastRow]!,
    held: held && { ...held, untilRow: lineOf[held.untilRow]! },
  };
}

function mergeHolds(holds: readonly Hold[]): Hold | undefined {
  if (holds.length === 0) return undefined;
  return {
    untilRow: Math.max(...holds.map(({ untilRow }) => untilRow)),
    fromMs: Math.min(...holds.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...holds.map(({ toMs }) => toMs)),
    heldMs: Math.max(...holds.map(({ heldMs }) => heldMs)),
  };
}

function keyOf({ lane, kind, firstRow, lastRow, reply }: Span): string {
  return [lane, kind, firstRow, lastRow, reply === undefined].join();
}
