/** The trace drawn to the time axis: for each lane a layer per kind, with bars that never overlap. */
import type { TraceKind } from "@contract/trace.ts";
import type { Span, Timeline, TimelineRow } from "./types.ts";
import { createTimeAxis, type TimeAxis } from "./time_axis.ts";

export interface Overview {
  readonly axis: TimeAxis;
  readonly lanes: readonly OverviewLane[];
}

export interface OverviewLane {
  readonly instance: string | undefined;
  readonly layers: readonly Layer[];
  /** What happened in a moment: kills, faults, steps of the clock. */
  readonly marks: readonly TimelineRow[];
}

export interface Layer {
  readonly kind: TraceKind;
  readonly trackCount: number;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly span: Span;
  readonly track: number;
}

/** From the outside in, as a request travels. */
const LAYER_ORDER: readonly TraceKind[] = [
  "request",
  "redis",
  "postgres",
  "upstream",
  "peer",
];

const MOMENTS = new Set<TraceKind>(["fault", "clock", "process", "log"]);

export function layOutOverview(timeline: Timeline): Overview {
  return {
    axis: createTimeAxis(timeline.rows.map(({ atMs }) => atMs)),
    lanes: timeline.lanes.map(({ instance }, lane) => ({
      instance,
      layers: LAYER_ORDER.flatMap((kind) =>
        layerOf(kind, timeline.spans.filter((span) => span.lane === lane))
      ),
      marks: timeline.rows.filter((row) =>
        row.lane === lane && MOMENTS.has(row.kind)
      ),
    })),
  };
}

function layerOf(kind: TraceKind, spans: readonly Span[]): Layer[] {
  const ends: number[] = [];
  const bars = spans.filter((span) => span.kind === kind).map((span) => {
    const free = ends.findIndex((endMs) => endMs < span.startMs);
    const track = free === -1 ? ends.length : free;
    ends[track] = span.endMs;
    return { span, track };
  });
  return bars.length === 0 ? [] : [{ kind, bars, trackCount: ends.length }];
}
