import type { TraceRow } from "@contract/trace.ts";

/** A row, and how many like it came at about the same time. */
export interface FoldedRow {
  readonly row: TraceRow;
  readonly count: number;
  readonly instances: readonly string[];
}

/** A row joins one like it if no more than this many other kinds of rows came in between. */
const GROUPS_BACK_MAX = 6;

/**
 * Joins rows that differ only in their values: twenty racing requests become one line for each thing that all of
 * them did. What the lab did separates the times before and after it.
 */
export function foldRows(rows: readonly TraceRow[]): FoldedRow[] {
  const groups: Group[] = [];
  let from = 0;
  for (const row of rows) {
    const shape = shapeOf(row);
    const oldest = Math.max(from, groups.length - GROUPS_BACK_MAX);
    const group = groups.slice(oldest).find((group) => group.shape === shape);
    if (group === undefined) {
      groups.push({ row, shape, count: 1, instances: namesOf(row) });
    } else {
      group.count++;
      namesOf(row).forEach((name) => group.instances.add(name));
    }
    if (row.instance === undefined) from = groups.length;
  }
  return groups.map(({ row, count, instances }) => ({
    row,
    count,
    instances: [...instances].sort(),
  }));
}

interface Group {
  readonly row: TraceRow;
  readonly shape: string;
  count: number;
  readonly instances: Set<string>;
}

function namesOf({ instance }: TraceRow): Set<string> {
  return new Set(instance === undefined ? [] : [instance]);
}

function shapeOf({ kind, text }: TraceRow): string {
  const values = /"(?:[^"\\]|\\.)*"?|'[^']*'?|\([^()]*…?\)?|\d+/g;
  return `${kind} ${text.replace(values, "?")}`;
}
