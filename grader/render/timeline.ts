import type { TraceKind, TraceRow } from "@contract/trace.ts";

/** Rows of a terminal's timeline; the page draws all of them. */
const ROWS_MAX = 24;

/** Word before the text; a request and its response need none. */
const WORDS: Readonly<Record<TraceKind, string>> = {
  request: "",
  response: "",
  redis: "redis ",
  postgres: "sql ",
  upstream: "upstream ",
  peer: "peer ",
  fault: "fault: ",
  clock: "clock ",
  process: "process ",
  log: "",
};

/** The last rows of the evidence, a column per instance being told by its name: ` 12.4 ms  A  redis GET limit:alice`. */
export function timelineLines(trace: readonly TraceRow[]): string[] {
  const rows = trace.filter(({ kind }) => kind !== "log");
  const left = rows.length - ROWS_MAX;
  const lines = rows.slice(-ROWS_MAX).map(lineOf);
  return left > 0 ? [`(${left} rows before)`, ...lines] : lines;
}

function lineOf(row: TraceRow): string {
  const { atMs, instance = "·", kind, text, durationMs, heldMs } = row;
  const time = `${atMs.toFixed(1).padStart(8)} ms`;
  const inside = kind === "request" || kind === "response" ? "" : "  ";
  const took = durationMs === undefined ? "" : `  (${durationMs} ms)`;
  const held = heldMs === undefined ? "" : `  held for ${heldMs} ms`;
  return `${time}  ${instance}  ${inside}${WORDS[kind]}${text}${took}${held}`;
}
