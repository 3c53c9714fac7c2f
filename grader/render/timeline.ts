import type { TraceKind, TraceRow } from "@contract/trace.ts";
import { withoutQueued } from "./without_queued.ts";
import { type Fold, foldRows } from "./fold_rows.ts";
import { foldTurns, type Line, pairLines } from "./fold_turns.ts";
import { type LinkedRow, linkRows } from "./link_rows.ts";
import {
  instancesOf,
  questionOf,
  questionsDifferBy,
  repliesOf,
} from "./variants.ts";

/** Lines of a terminal's timeline; the page draws all rows. */
const LINES_MAX = 25;

/** A trace of so many rows is shown as it is. */
const ROWS_MAX = 24;

/** Earlier lines that are shown nevertheless, since they may be the reason, and so many before and after each. */
const LANDMARKS_MAX = 8;
const NEIGHBOURS = [-1, -2, 1];
/** The end is shown first, then landmarks and what is around them, then more before the end. */
const LAST_LINES = 10;

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

/** A line whose rows are so far apart says until when they came. */
const LONG_MS = 250;

/** Of a command that its reply repeats when other rows came in between. */
const ASKED_CHARS_MAX = 30;
/** The same of a script, whose keys and arguments come late. */
const ASKED_SCRIPT_CHARS_MAX = 60;

/**
 * The evidence, one line a row: `    12.4 ms  A    redis GET limit:alice`. When it is long, rows that are alike
 * are one line with their number and what they differ in, never across a row before which they must come; and the
 * last lines are shown, with what the lab did to the system before them.
 */
export function timelineLines(trace: readonly TraceRow[]): string[] {
  const rows = linkRows(trace.filter(isPart));
  if (rows.length <= ROWS_MAX) return printed(rows.map(lineOfRow));
  const lines = foldTurns(pairLines(foldRows(withoutQueued(rows))));
  let shown = new Set<Line>();
  for (const line of byImportance(lines.filter((line) => !isStart(line)))) {
    const more = shown.union(new Set(turnOf(line, lines)));
    if (printed(lines, more).length <= LINES_MAX) shown = more;
  }
  return printed(lines, shown);
}

/** What instances logged has a section of its own; a note of the check's is a part of what happened. */
function isPart({ kind, instance }: TraceRow): boolean {
  return kind !== "log" || instance === undefined;
}

/** The line, with all that came in turn with it. */
function turnOf(line: Line, lines: readonly Line[]): readonly Line[] {
  if (line.turns === undefined) return [line];
  const from = lines.indexOf(line) - line.turns.index;
  return lines.slice(from, from + line.turns.lines);
}

/** Most telling first; some come twice. */
function byImportance(lines: readonly Line[]): Line[] {
  const landmarks = [...lines.keys()]
    .filter((index) => isLandmark(lines[index]!)).slice(-LANDMARKS_MAX);
  const neighbours = landmarks.toReversed().flatMap((index) =>
    NEIGHBOURS.flatMap((step) => lines[index + step] ?? [])
  );
  return [
    ...lines.slice(-LAST_LINES),
    ...landmarks.map((index) => lines[index]!),
    ...neighbours,
    ...lines.toReversed(),
  ];
}

function lineOfRow(row: LinkedRow): Line {
  return { folds: [[row]] };
}

/** What was done to the system, or became of it, a fault, a gate, a kill; and what was never answered. */
function isLandmark({ folds: [fold] }: Line): boolean {
  const [{ kind, text }] = fold;
  return kind === "fault" || kind === "log" ||
    (kind === "process" && text !== "ready") ||
    fold.some(({ isAnswered }) => !isAnswered);
}

function isStart({ folds: [[{ isStart }]] }: Line): boolean {
  return isStart;
}

/** A text for each line that is shown, and one for all that are left out between two. */
function printed(
  lines: readonly Line[],
  shown: ReadonlySet<Line> = new Set(lines),
): string[] {
  const texts: string[] = [];
  let left: Line[] = [];
  let before: Line | undefined;
  for (const line of lines) {
    if (!shown.has(line)) {
      left.push(line);
      continue;
    }
    if (left.length > 0) texts.push(leftOut(left));
    texts.push(...textsOf(line, left.length > 0 ? undefined : before));
    left = [];
    before = line;
  }
  return left.length === 0 ? texts : [...texts, leftOut(left)];
}

function leftOut(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ folds }) => folds.flat());
  const count = rows.length === 1 ? "1 row" : `${rows.length} rows`;
  const [{ instance }] = rows as [LinkedRow];
  const isOneStart = rows.every((row) =>
    row.isStart && row.instance === instance
  );
  return isOneStart ? `… ${count} while ${instance} started …` : `… ${count} …`;
}

function textsOf(line: Line, before: Line | undefined): string[] {
  const { folds, turns } = line;
  const [fold] = folds;
  const [first] = fold;
  const time = `${first.atMs.toFixed(1).padStart(8)} ms`;
  const where = instancesOf(fold).join(" ") || "·";
  const isOuter = first.kind === "request" || first.kind === "response";
  const start = `${time}  ${where}  ${isOuter ? "" : "  "}${WORDS[first.kind]}`;
  const text = start + whatOf(line, before);
  if (turns === undefined) return [text + timesOf(folds.at(-1)!)];
  const { lines, index, count, untilMs } = turns;
  if (index < lines - 1) return [text];
  const which = lines === 1 ? "this line" : `these ${lines} lines`;
  return [
    text,
    `… ${which}, ${count} times in turn, until ${untilMs.toFixed(1)} ms …`,
  ];
}

function whatOf({ folds }: Line, before: Line | undefined): string {
  const [fold, replies] = folds;
  const [{ role, question, shape, span }] = fold;
  const difference = questionsDifferBy(fold);
  if (replies !== undefined) {
    const more = difference === "" ? "" : `  (${difference})`;
    return `${questionOf(fold)} ${repliesOf(replies)}${more}`;
  }
  if (role !== "reply" && role !== "response") {
    const count = fold.length === 1 ? "" : `  × ${fold.length}`;
    const notes = [difference, unanswered(fold)].filter((note) => note !== "");
    return [questionOf(fold) + count, ...notes].join(", ");
  }
  const asked = before?.folds.length === 1 ? before.folds[0] : undefined;
  const isNext = asked !== undefined && asked[0].shape === shape &&
    asked.length === fold.length && asked.some((row) => row.span === span);
  return question === "" || isNext
    ? repliesOf(fold)
    : `${shortened(questionOf(fold))} ${repliesOf(fold)}`;
}

/** "no reply", "2 without reply" */
function unanswered(fold: Fold): string {
  const count = fold.filter(({ isAnswered }) => !isAnswered).length;
  if (count === 0) return "";
  const [{ role }] = fold;
  const answer = role === "request" ? "response" : "reply";
  return count === fold.length ? `no ${answer}` : `${count} without ${answer}`;
}

/** How long a single row took, until when many came, and how long a gate held the one that it held longest. */
function timesOf(fold: Fold): string {
  const [{ durationMs, atMs }] = fold;
  const isOne = fold.length === 1;
  const took = isOne && durationMs !== undefined ? `  (${durationMs} ms)` : "";
  const heldMs = Math.max(...fold.map(({ heldMs }) => heldMs ?? 0));
  const held = isOne ? "held for" : "held for up to";
  const untilMs = fold.at(-1)!.atMs;
  const until = untilMs - atMs >= LONG_MS
    ? `  until ${untilMs.toFixed(1)} ms`
    : "";
  return took + until + (heldMs > 0 ? `  ${held} ${heldMs} ms` : "");
}

function shortened(text: string): string {
  const charsMax = text.startsWith("EVAL")
    ? ASKED_SCRIPT_CHARS_MAX
    : ASKED_CHARS_MAX;
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}
