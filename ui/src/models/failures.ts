/** What failed, and in which order to look at it. */
import type { CheckReport } from "@contract/report.ts";
import type { RunView } from "./run_view.ts";

/** Every check with a failure, in the order of learning; those that count before the inconclusive ones. */
export function failures(run: RunView): readonly CheckReport[] {
  const failed = run.stages
    .flatMap(({ checks }) => checks)
    .flatMap(({ report }) => report?.failure === undefined ? [] : [report]);
  return [
    ...failed.filter(({ status }) => status !== "inconclusive"),
    ...failed.filter(({ status }) => status === "inconclusive"),
  ];
}
