/** Where a trace begins to be about the check: what instances do while they start is seldom the reason. */
import type { TraceKind, TraceRow } from "@contract/trace.ts";

/** Fewer rows than this are not worth a button. */
const SET_UP_ROWS_MIN = 6;

const OF_THE_CHECK = new Set<TraceKind>(["request", "fault", "clock"]);

/** How many rows come before the first request, fault or word of the lab; 0 when they are few, or all. */
export function countSetUpRows(trace: readonly TraceRow[]): number {
  const first = trace.findIndex(({ kind, instance }) =>
    OF_THE_CHECK.has(kind) || instance === undefined
  );
  return first < SET_UP_ROWS_MIN ? 0 : first;
}
