/**
 * Finds check-then-act in a trace: several reads of one thing, all done before the first write that they led
 * to. "Two instances read 9 before either wrote."
 *
 * @module
 */
import { accessOf } from "./resources.ts";
import type { Span, Timeline } from "./types.ts";

export interface StaleReads {
  /** What was read: "limit:alice", or a table's name. */
  readonly resource: string;
  /** What they all saw, if it was the same. */
  readonly value?: string;
  readonly instances: readonly string[];
  readonly readCount: number;
  /** Spans of `timeline.spans`, in order. */
  readonly reads: readonly Span[];
  readonly writes: readonly Span[];
}

/** The largest such group of reads, if there is one. */
export function findStaleReads(timeline: Timeline): StaleReads | undefined {
  const accesses = timeline.spans.flatMap((span) => {
    const access = accessOf(span);
    return access === undefined ? [] : [{ span, ...access }];
  });
  const groups = [...Map.groupBy(accesses, ({ resource }) => resource)]
    .flatMap(([resource, ofOne]) => {
      const reads = ofOne.filter(({ isWrite }) => !isWrite);
      const writes = ofOne.filter(({ isWrite }) => isWrite);
      return staleGroups(
        timeline,
        resource,
        reads.map(({ span }) => span),
        writes.map(({ span }) => span),
      );
    });
  return groups.sort((a, b) => b.readCount - a.readCount)[0];
}

/** One candidate for each time between two writes that took effect. */
function staleGroups(
  timeline: Timeline,
  resource: string,
  reads: readonly Span[],
  writes: readonly Span[],
): StaleReads[] {
  const effects = writes.map(({ lastRow }) => lastRow).sort((a, b) => a - b);
  return effects.flatMap((untilRow, index) => {
    const fromRow = effects[index - 1] ?? -1;
    const seen = reads.filter((read) =>
      read.firstRow > fromRow && read.lastRow < untilRow
    );
    const lanes = new Set(seen.map(({ lane }) => lane));
    const led = writes.filter(({ lane, firstRow }) =>
      lanes.has(lane) && firstRow > (seen[0]?.lastRow ?? 0)
    ).slice(0, seen.length);
    if (countOf(seen) < 2 || countOf(led) < 2) return [];
    const replies = new Set(seen.map(({ reply }) => reply));
    const [reply] = replies;
    return [{
      resource,
      value: replies.size === 1 ? valueOf(reply) : undefined,
      instances: [...lanes].map((lane) =>
        timeline.lanes[lane]?.instance ?? "the lab"
      ).sort(),
      readCount: countOf(seen),
      reads: seen,
      writes: led,
    }];
  });
}

function countOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { count }) => sum + count, 0);
}

/** `→ "9"` is 9. */
function valueOf(reply: string | undefined): string | undefined {
  return reply?.replace(/^→\s*/, "").replace(/^"(.*)"$/, "$1");
}
