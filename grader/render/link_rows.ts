/** Rows with what belongs to them: the question of a reply, what it touches, what else was under way. */
import type { TraceRow } from "@contract/trace.ts";
import { type Access, accessOf } from "./access.ts";
import { patternOf, type RowPattern } from "./row_pattern.ts";
import { withShortScript } from "./script_text.ts";

export interface LinkedRow extends TraceRow {
  readonly role: "ask" | "reply" | "request" | "response" | "moment";
  /** What was asked; of a reply too. */
  readonly question: string;
  readonly pattern: RowPattern;
  /** Equal for questions that differ only in their values, and for their replies. */
  readonly shape: string;
  readonly access?: Access;
  /** The reply, or the response, is in the trace. */
  readonly isAnswered: boolean;
  /** Its instance served more than one request. */
  readonly isBusy: boolean;
  /** Done by an instance on its way back from a kill. */
  readonly isStart: boolean;
}

export function linkRows(trace: readonly TraceRow[]): LinkedRow[] {
  const questions = new Map<number, LinkedRow>();
  const answered = new Set(
    trace.filter(({ durationMs }) => durationMs !== undefined)
      .map(({ span }) => span),
  );
  const open = new Map<string, number>();
  const down = new Set<string>();
  return trace.map((raw) => {
    const row = { ...raw, text: withShortScript(raw.text) };
    const { kind, text, span, instance } = row;
    const count = (change: number) =>
      open.set(instance ?? "", (open.get(instance ?? "") ?? 0) + change);
    const question = span === undefined ? undefined : questions.get(span);
    if (kind === "request") count(1);
    const linked: LinkedRow = {
      ...row,
      ...question ? replyParts(question) : askParts(row),
      isAnswered: span === undefined || answered.has(span),
      isBusy: (open.get(instance ?? "") ?? 0) > 1,
      isStart: question?.isStart ??
        (down.has(instance ?? "") && span !== undefined),
    };
    if (kind === "response") count(-1);
    if (span !== undefined && !question) questions.set(span, linked);
    if (kind === "process" && instance !== undefined) {
      if (text === "killed") down.add(instance);
      else down.delete(instance);
    }
    return linked;
  });
}

type Parts = Pick<
  LinkedRow,
  "role" | "question" | "pattern" | "shape" | "access"
>;

function askParts(row: TraceRow): Parts {
  const { kind, text, span, durationMs } = row;
  const pattern = patternOf(kind, text);
  return {
    role: kind === "response"
      ? "response"
      : durationMs !== undefined
      ? "reply"
      : kind === "request"
      ? "request"
      : span === undefined && !accessOf(row)
      ? "moment"
      : "ask",
    question: durationMs === undefined ? text : "",
    pattern,
    shape: `${kind} ${pattern.fixed.join("…")}`,
    access: accessOf(row),
  };
}

function replyParts({ role, question, pattern, shape, access }: LinkedRow) {
  return {
    role: role === "request" ? "response" : "reply",
    question,
    pattern,
    shape,
    access,
  } as const;
}
