import type { Fold } from "./fold_rows.ts";
import { replyShape } from "./variants.ts";

/** A line of a long timeline: a question with the reply that came next, or one of them, or something else. */
export interface Line {
  readonly folds: readonly [Fold, ...Fold[]];
  /** Of lines that came again and again, in turn. */
  readonly turns?: Turns;
}

export interface Turns {
  readonly lines: number;
  /** The place of this one among them. */
  readonly index: number;
  readonly count: number;
  readonly untilMs: number;
}

/** So many times in turn, or they stay as they are. */
const TURNS_MIN = 3;
const LINES_MAX = 12;

/** A question and its reply on one line, where nothing came in between and both stand for one row. */
export function pairLines(folds: readonly Fold[]): Line[] {
  const lines: Line[] = [];
  for (const fold of folds) {
    const [before] = lines.at(-1)?.folds ?? [];
    const isPair = before !== undefined && before.length === 1 &&
      fold.length === 1 && fold[0].role === "reply" &&
      before[0].role === "ask" && before[0].span === fold[0].span &&
      fold[0].span !== undefined;
    if (isPair) lines[lines.length - 1] = { folds: [before, fold] };
    else lines.push({ folds: [fold] });
  }
  return lines;
}

/** Lines that repeat one after the other, a hundred requests of one client, become one turn that says how many. */
export function foldTurns(lines: readonly Line[]): Line[] {
  const folded: Line[] = [];
  for (let from = 0; from < lines.length;) {
    const { length, count } = longestTurns(lines, from);
    folded.push(...turnOf(lines.slice(from, from + length * count), length));
    from += length * count;
  }
  return folded;
}

function longestTurns(lines: readonly Line[], from: number) {
  let best = { length: 1, count: 1 };
  if (lines[from]!.folds[0][0].role === "response") return best;
  for (let length = 1; length <= LINES_MAX; length++) {
    const isSame = (index: number) =>
      index < lines.length && isAlike(lines[index]!, lines[index - length]!);
    let end = from + length;
    while (isSame(end)) end++;
    const count = Math.floor((end - from) / length);
    const isBetter = length * count > best.length * best.count;
    if (count >= TURNS_MIN && isBetter) best = { length, count };
  }
  return best;
}

/**
 * Responses must be equal, since a different one is what the check is about; of other rows, values may differ. What
 * many did at once must be the same in all.
 */
function isAlike(left: Line, right: Line): boolean {
  return left.folds.length === right.folds.length &&
    left.folds.every((fold, index) => {
      const other = right.folds[index]!;
      const [a, b] = [fold[0], other[0]];
      if (a.role === "moment" || fold.length !== other.length) return false;
      if (a.role !== b.role || a.shape !== b.shape) return false;
      if (fold.length > 1) {
        return [...fold, ...other].every(({ text }) => text === a.text);
      }
      if (a.role === "response") return a.text === b.text;
      return a.role !== "reply" || replyShape(a) === replyShape(b);
    });
}

function turnOf(lines: readonly Line[], length: number): Line[] {
  const count = lines.length / length;
  if (count === 1) return [...lines];
  const last = lines.at(-1)!.folds.at(-1)!;
  const untilMs = last.at(-1)!.atMs;
  return lines.slice(0, length).map((line, index) => {
    const same = lines.filter((_, at) => at % length === index);
    const folds = line.folds.map((_, at) =>
      same.flatMap(({ folds }) => folds[at]!)
    );
    return {
      folds: folds as unknown as Line["folds"],
      turns: { lines: length, index, count, untilMs },
    };
  });
}
