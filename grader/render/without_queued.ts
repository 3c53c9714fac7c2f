import type { TraceRow } from "@contract/trace.ts";

/** Leaves out MULTI and what Redis queued for an EXEC that came: its row lists them. */
export function withoutQueued<Row extends TraceRow>(
  trace: readonly Row[],
): Row[] {
  const executed = new Map<string | undefined, number>();
  trace.forEach(({ kind, text, instance }, index) => {
    if (kind === "redis" && text.startsWith("EXEC (")) {
      executed.set(instance, index);
    }
  });
  const queued = new Set(
    trace.filter(({ kind, text }) => kind === "redis" && text === "→ QUEUED")
      .map(({ span }) => span),
  );
  const left = new Set(
    trace.filter(({ kind, text, span, instance }, index) =>
      kind === "redis" && (text === "MULTI" || queued.has(span)) &&
      index < (executed.get(instance) ?? -1)
    ).map(({ span }) => span),
  );
  return trace.filter(({ span }) => span === undefined || !left.has(span));
}
