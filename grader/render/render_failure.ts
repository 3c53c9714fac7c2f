import { styleText } from "node:util";
import type { CheckReport, Failure } from "@contract/report.ts";
import { caretLine } from "./caret.ts";
import { replayCommand } from "./replay_command.ts";
import { timelineLines } from "./timeline.ts";

/** Last lines of the learner's own that are shown; all are in the report. */
const LOG_LINES_MAX = 12;
const LOG_CHARS_MAX = 500;
const LABEL_WIDTH = 10;

export interface RenderFailureOptions {
  readonly color: boolean;
}

/**
 * One check that did not pass: the rule, what was sent, expected and received with a caret at the first
 * difference, the learner's own lines, a short timeline, a hint, and the command that replays it.
 */
export function renderFailure(
  check: CheckReport,
  { color }: RenderFailureOptions,
): string {
  const paint: Paint = (style, text) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { id, title, failure } = check;
  const head = `${paint(["bold"], `${id} ${title}`)}  ${
    paint(["dim"], ending(check))
  }`;
  if (failure === undefined) return head;
  const { rule, hint, seed, trace } = failure;
  const blocks = [
    [head],
    rule.split("\n").map((line) => `  ${paint(["bold"], line)}`),
    facts(failure, paint),
    section("your code printed", logLines(failure), paint),
    section("what happened", timelineLines(trace), paint),
    [
      ...labelled("hint", hint, (line) => paint(["cyan"], line)),
      ...labelled(
        "replay",
        replayCommand(id, seed),
        (line) => paint(["dim"], line),
      ),
    ],
  ];
  return blocks.filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n")).join("\n\n");
}

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const ENDINGS: Readonly<Record<CheckReport["status"], string>> = {
  pass: "passed",
  fail: "failed",
  error: "broke down",
  timeout: "ran out of time",
  skipped: "skipped",
  withheld: "withheld",
  inconclusive: "could not be decided",
};

function ending({ status, wallMs, attempts }: CheckReport): string {
  const tries = attempts > 1 ? `, ${attempts} tries` : "";
  return `${ENDINGS[status]} after ${wallMs} ms${tries}`;
}

function facts(
  { sent, expected, received }: Failure,
  paint: Paint,
): string[] {
  const caret = caretLine(expected, received);
  return [
    ...labelled("sent", sent),
    ...labelled("expected", expected, (line) => paint(["green"], line)),
    ...labelled("received", received, (line) => paint(["red"], line), caret),
  ];
}

interface Caret {
  /** Line of the text that the caret goes under. */
  readonly line: number;
  readonly text: string;
}

function labelled(
  label: string,
  text: string | undefined,
  style: (line: string) => string = (line) => line,
  caret?: Caret,
): string[] {
  if (text === undefined || text === "") return [];
  const indent = " ".repeat(2 + LABEL_WIDTH);
  return text.split("\n").flatMap((line, index) => {
    const start = index === 0 ? `  ${label.padEnd(LABEL_WIDTH)}` : indent;
    const shown = `${start}${style(line)}`;
    return caret?.line === index ? [shown, `${indent}${caret.text}`] : [shown];
  });
}

function logLines({ logs }: Failure): string[] {
  const left = logs.length - LOG_LINES_MAX;
  const shown = logs.slice(-LOG_LINES_MAX).map(shortened);
  return left > 0 ? [`(${left} lines before)`, ...shown] : shown;
}

function shortened(line: string): string {
  const left = line.length - LOG_CHARS_MAX;
  return left > 0
    ? `${line.slice(0, LOG_CHARS_MAX)}… (${left} characters more)`
    : line;
}

function section(
  title: string,
  lines: readonly string[],
  paint: Paint,
): string[] {
  if (lines.length === 0) return [];
  const indented = lines.map((line) => `    ${line}`);
  return [`  ${paint(["dim"], title)}`, ...indented];
}
