import type { TraceKind, TraceRow } from "@contract/trace.ts";
import { type FoldedRow, foldRows } from "./fold_rows.ts";
import { withShortScript } from "./script_text.ts";

/** Rows of a terminal's timeline; the page draws all of them. */
const ROWS_MAX = 24;

/** Earlier rows that are shown nevertheless, since they may be the reason. */
const LANDMARKS_MAX = 8;

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
/** The same of a script, whose keys and arguments come late. */
const ASKED_SCRIPT_CHARS_MAX = 60;

/**
 * The evidence, one line a row: `    12.4 ms  A    redis GET limit:alice`. When it is long, rows that are alike
 * are one line with their number, and the last lines are shown, with what the lab did to the system before them.
 */
export function timelineLines(trace: readonly TraceRow[]): string[] {
  const rows = trace.filter(({ kind }) => kind !== "log")
    .map((row) => ({ ...row, text: withShortScript(row.text) }));
  if (rows.length <= ROWS_MAX) {
    return withQuestions(rows).map((row) => lineOf(row, row.instance ?? "·"));
  }
  const folded = foldRows(withQuestions(rows, { always: true }));
  const landmarks = folded.slice(0, -ROWS_MAX).filter(isLandmark);
  const shown = new Set([
    ...landmarks.slice(-LANDMARKS_MAX),
    ...folded.slice(-ROWS_MAX),
  ]);
  return linesOf(folded, shown);
}

/** What was done to the system, or became of it: a fault, a gate, a kill. */
function isLandmark({ row: { kind, text, heldMs } }: FoldedRow): boolean {
  return kind === "fault" || heldMs !== undefined ||
    (kind === "process" && text !== "ready");
}

/** One line for each row that is shown, and one for all that are left out between two. */
function linesOf(
  folded: readonly FoldedRow[],
  shown: ReadonlySet<FoldedRow>,
): string[] {
  const lines: string[] = [];
  let left = 0;
  for (const each of folded) {
    if (!shown.has(each)) {
      left += each.count;
      continue;
    }
    if (left > 0) lines.push(`… ${left} ${left === 1 ? "row" : "rows"} …`);
    left = 0;
    const line = lineOf(each.row, each.instances.join(" ") || "·");
    lines.push(each.count === 1 ? line : `${line}  × ${each.count}`);
  }
  return lines;
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
  const charsMax = text.startsWith("EVAL")
    ? ASKED_SCRIPT_CHARS_MAX
    : ASKED_CHARS_MAX;
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}
