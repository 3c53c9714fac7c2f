import Table from "cli-table3";
import { shownMs } from "../terminal/durations.ts";
import { hasColor, paint } from "../terminal/paint.ts";
import type { CaseKind, CaseResult } from "./case.ts";

const KINDS: readonly CaseKind[] = [
  "structure",
  "stub",
  "reference",
  "mutant",
  "alternative",
];

/** One line as soon as a case is known, with its problems below it. */
export function caseLine(result: CaseResult): string {
  const { workshop, kind, name, runs, problems, notes, wallMs } = result;
  const mark = problems.length === 0 ? paint("green", "✔") : paint("red", "✘");
  const facts = paint(
    "gray",
    [`${runs}×`, shownMs(wallMs), ...notes].join(" · "),
  );
  return [
    `${mark} ${workshop.slice(0, 2)} ${kind} ${name}  ${facts}`,
    ...problems.map((problem) => `    ${problem}`),
  ].join("\n");
}

/** How many cases of each kind hold, a row per workshop. */
export function caseTable(results: readonly CaseResult[]): string {
  const table = new Table({
    head: ["workshop", ...KINDS, "time"],
    style: hasColor ? {} : { head: [], border: [] },
  });
  for (const workshop of new Set(results.map(({ workshop }) => workshop))) {
    const ours = results.filter((result) => result.workshop === workshop);
    const time = ours.reduce((sum, { wallMs }) => sum + wallMs, 0);
    table.push([
      workshop,
      ...KINDS.map((kind) =>
        cell(ours.filter((result) => result.kind === kind))
      ),
      shownMs(time),
    ]);
  }
  return table.toString();
}

function cell(results: readonly CaseResult[]): string {
  const held = results.filter(({ problems }) => problems.length === 0).length;
  return results.length === 0 ? "–" : `${held} of ${results.length}`;
}
