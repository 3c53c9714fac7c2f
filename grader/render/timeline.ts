import { foldRows } from "./fold_rows.ts";
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

/** Of a command that its reply repeats when other rows came in between. */
const ASKED_CHARS_MAX = 30;

/**
 * The evidence, one line a row: `    12.4 ms  A    redis GET limit:alice`. When it is long, rows that are alike
 * are one line with their number, and the last lines are shown.
 */
export function timelineLines(trace: readonly TraceRow[]): string[] {
  const rows = trace.filter(({ kind }) => kind !== "log");
  if (rows.length <= ROWS_MAX) {
    return withQuestions(rows).map((row) => lineOf(row, row.instance ?? "·"));
  }
  const folded = foldRows(withQuestions(rows, { always: true }));
  const lines = folded.map(({ row, count, instances }) => {
    const line = lineOf(row, instances.join(" ") || "·");
    return count === 1 ? line : `${line}  × ${count}`;
  });
  const left = lines.length - ROWS_MAX;
  return left > 0
    ? [`(${left} lines before)`, ...lines.slice(-ROWS_MAX)]
    : lines;
}

/** Says with a reply what was asked, where other rows came in between or always. */
function withQuestions(
  rows: readonly TraceRow[],
  { always = false } = {},
): TraceRow[] {
  const asked = new Map<number, string>();
  return rows.map((row, index) => {
    const { span, text } = row;
    if (span === undefined) return row;
    const question = asked.get(span);
    if (question === undefined) asked.set(span, text);
    const isApart = always || rows[index - 1]?.span !== span;
    return question !== undefined && isApart
      ? { ...row, text: `${shortened(question)} ${text}` }
      : row;
  });
}

function lineOf(row: TraceRow, where: string): string {
  const { atMs, kind, text, durationMs, heldMs } = row;
  const time = `${atMs.toFixed(1).padStart(8)} ms`;
  const inside = kind === "request" || kind === "response" ? "" : "  ";
  const took = durationMs === undefined ? "" : `  (${durationMs} ms)`;
  const held = heldMs === undefined ? "" : `  held for ${heldMs} ms`;
  return `${time}  ${where}  ${inside}${WORDS[kind]}${text}${took}${held}`;
}

function shortened(text: string): string {
  return text.length <= ASKED_CHARS_MAX
    ? text
    : `${text.slice(0, ASKED_CHARS_MAX - 1)}…`;
}
