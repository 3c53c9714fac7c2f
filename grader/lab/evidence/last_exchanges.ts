import type { TraceKind, TraceRow } from "@contract/trace.ts";

/** What the lab did to a system, and what became of it, outlives a tenth of the rows at most. */
const LANDMARKS_SHARE = 0.1;

const LANDMARKS: ReadonlySet<TraceKind> = new Set(
  ["fault", "clock", "process"],
);

/**
 * At most `rowsMax` rows, the last ones: a command stays with its reply, and a request with its response, or both
 * go. What was never answered counts as the latest, and faults and kills stay, since they are often the reason.
 */
export function lastExchanges(
  rows: readonly TraceRow[],
  rowsMax: number,
): TraceRow[] {
  if (rows.length <= rowsMax) return [...rows];
  const exchanges = exchangesOf(rows);
  const landmarks = exchanges.filter(isLandmark)
    .slice(-Math.ceil(rowsMax * LANDMARKS_SHARE));
  const byEnd = exchanges.toSorted((a, b) => b.end - a.end);
  const kept = new Set<TraceRow>();
  for (const { rows } of [...landmarks, ...byEnd]) {
    const isNew = !kept.has(rows[0]!);
    if (isNew && kept.size + rows.length > rowsMax) break;
    rows.forEach((row) => kept.add(row));
  }
  return rows.filter((row) => kept.has(row));
}

interface Exchange {
  readonly rows: readonly TraceRow[];
  /** Index of its last row; infinite when no answer came. */
  readonly end: number;
}

/** In the order of their first rows. */
function exchangesOf(rows: readonly TraceRow[]): Exchange[] {
  const bySpan = Map.groupBy(
    rows.keys(),
    (index) => rows[index]!.span ?? rows[index]!,
  );
  return [...bySpan.values()].map((indexes) => {
    const last = indexes.at(-1)!;
    const { span, durationMs } = rows[last]!;
    const isOpen = span !== undefined && durationMs === undefined;
    return {
      rows: indexes.map((index) => rows[index]!),
      end: isOpen ? Infinity : last,
    };
  });
}

function isLandmark({ rows: [row] }: Exchange): boolean {
  return row!.span === undefined && LANDMARKS.has(row!.kind);
}
