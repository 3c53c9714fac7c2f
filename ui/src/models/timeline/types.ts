/**
 * The evidence trace as it is drawn: lanes, rows in order, and spans from a call to its answer.
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
  /** Equal rows that this one stands for; 1 for itself alone. */
  readonly count: number;
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
  /** Equal spans that this one stands for. */
  readonly count: number;
}

/** The time that a gate held the command back. */
export interface Hold {
  /** The last row before it was let go. */
  readonly untilRow: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly heldMs: number;
}
