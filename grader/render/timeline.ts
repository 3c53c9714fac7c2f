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

/** The last rows of the evidence, one line each: `    12.4 ms  A    redis GET limit:alice`. */
export function timelineLines(trace: readonly TraceRow[]): string[] {
  const rows = trace.filter(({ kind }) => kind !== "log");
  const asked = new Map<number, string>();
  const lines = rows.map((row, index) => {
    const { span, text } = row;
    const question = span === undefined ? undefined : asked.get(span);
    if (span !== undefined && question === undefined) asked.set(span, text);
    const isApart = rows[index - 1]?.span !== span;
    return lineOf(row, isApart ? question : undefined);
  });
  const left = lines.length - ROWS_MAX;
  return left > 0
    ? [`(${left} rows before)`, ...lines.slice(-ROWS_MAX)]
    : lines;
}

function lineOf(row: TraceRow, question: string | undefined): string {
  const { atMs, instance = "·", kind, text, durationMs, heldMs } = row;
  const time = `${atMs.toFixed(1).padStart(8)} ms`;
  const inside = kind === "request" || kind === "response" ? "" : "  ";
  const answered = question === undefined ? "" : `${shortened(question)} `;
  const took = durationMs === undefined ? "" : `  (${durationMs} ms)`;
  const held = heldMs === undefined ? "" : `  held for ${heldMs} ms`;
  return `${time}  ${instance}  ${inside}${
    WORDS[kind]
  }${answered}${text}${took}${held}`;
}

function shortened(text: string): string {
  return text.length <= ASKED_CHARS_MAX
    ? text
    : `${text.slice(0, ASKED_CHARS_MAX - 1)}…`;
}
