import { isConflict } from "./access.ts";
import type { LinkedRow } from "./link_rows.ts";

/** Rows that are alike but for their values, and came at about the same time. */
export type Fold = readonly [LinkedRow, ...LinkedRow[]];

/** A row looks back over so many other folds for one like it. */
const FOLDS_BACK_MAX = 12;

/** A row that comes later than this after the last one like it is another story. */
const GAP_MS_MAX = 250;

/**
 * Joins rows that differ only in their values: twenty racing requests become one line for each thing that all of
 * them did. A row joins an earlier one only if it may pass all that came in between, so that what is shown first did
 * come first wherever that matters: reads and writes of one thing, questions and replies, answers and later requests.
 */
export function foldRows(rows: readonly LinkedRow[]): Fold[] {
  const folds: [LinkedRow, ...LinkedRow[]][] = [];
  for (const row of rows) {
    const fold = findFold(folds, row);
    if (fold === undefined) folds.push([row]);
    else fold.push(row);
  }
  return folds;
}

function findFold<T extends Fold>(
  folds: readonly T[],
  row: LinkedRow,
): T | undefined {
  const oldest = Math.max(0, folds.length - FOLDS_BACK_MAX);
  for (let index = folds.length - 1; index >= oldest; index--) {
    const fold = folds[index]!;
    if (isAlike(fold[0], row)) {
      return row.atMs - fold.at(-1)!.atMs <= GAP_MS_MAX ? fold : undefined;
    }
    if (!fold.every((other) => mayPass(row, other))) return undefined;
  }
}

function isAlike(left: LinkedRow, right: LinkedRow): boolean {
  return left.role === right.role && left.role !== "moment" &&
    left.shape === right.shape && left.isStart === right.isStart;
}

/** Whether `row` may be shown before `other`, which came first. */
function mayPass(row: LinkedRow, other: LinkedRow): boolean {
  if (other.role === "moment" || row.role === "response") return false;
  if (row.role === "request") return other.role !== "response";
  if (other.role === "request" || row.span === other.span) return false;
  const isApart = row.instance !== other.instance;
  if (!isApart && !row.isBusy) return false;
  // Its question came before that response, or it would have stopped there.
  if (other.role === "response") return row.role === "reply";
  if (row.shape === other.shape) return row.isBusy || !isAfter(row, other);
  // The reply may be what it was asked for.
  if (!isApart && row.role === "ask" && other.role === "reply") return false;
  return row.access !== undefined && other.access !== undefined &&
    !isConflict(row.access, other.access);
}

/** A write that was asked for when another had been answered: they took turns. */
function isAfter(row: LinkedRow, other: LinkedRow): boolean {
  return row.role === "ask" && other.role === "reply" &&
    row.access?.isWrite === true;
}
