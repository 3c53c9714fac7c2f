/** Which bars stand side by side. */
import type { Lane, Span } from "./types.ts";

/** Requests stand on the outer tracks and what they caused on the inner ones, each on the first that is free. */
export function withTracks(spans: readonly Span[]): Span[] {
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

/** Bars that stand side by side at the same time, at most. */
export function countTracks(spans: readonly Span[]): number {
  return Math.max(0, ...spans.map(({ track }) => track + 1));
}

/** The lanes of `instances`, each as wide as its bars need. */
export function lanesFor(
  instances: readonly (string | undefined)[],
  spans: readonly Span[],
): Lane[] {
  return instances.map((instance, lane) => ({
    instance,
    trackCount: countTracks(spans.filter((span) => span.lane === lane)),
  }));
}
