import type { CheckReport, Report } from "@contract/report.ts";
import { renderFailure } from "../../grader/render/mod.ts";
import { shownMs } from "./durations.ts";
import { hasColor, paint } from "./paint.ts";
import { verdictWord } from "./statuses.ts";

export interface ReportViewOptions {
  /** Every failing check in full instead of the first one. */
  readonly isFull?: boolean;
  /** Sentences for the very end: what to do now. */
  readonly next: readonly string[];
}

/** The report as text: the first failure in full, the rest folded, the summary last, where eyes end up. */
export function reportText(
  report: Report,
  { isFull = false, next }: ReportViewOptions,
): string {
  const failing = report.stages.flatMap(({ checks }) => checks)
    .filter(({ status }) =>
      status === "fail" || status === "error" || status === "timeout" ||
      status === "inconclusive"
    );
  // What does not load fails every check alike, and the summary says why.
  const isLoaded = report.verdict !== "load_error";
  const shown = isFull ? failing : failing.slice(0, isLoaded ? 1 : 0);
  const folded = isLoaded ? failing.slice(shown.length) : [];
  return [
    ...shown.map((check) => `\n${renderFailure(check, { color: hasColor })}`),
    ...foldedLines(folded),
    "",
    summaryLine(report),
    ...next,
  ].join("\n");
}

function foldedLines(checks: readonly CheckReport[]): string[] {
  if (checks.length === 0) return [];
  const names = checks.map(({ id, title }) => `  ${id} ${title}`);
  return ["", paint("gray", "Also not passed (--full shows why):"), ...names];
}

function summaryLine(report: Report): string {
  const checks = report.stages.flatMap(({ checks }) => checks);
  const passed = checks.filter(({ status }) => status === "pass").length;
  const skipped = checks.filter(({ status }) => status === "skipped").length;
  const facts = [
    `${passed} of ${checks.length - skipped} checks pass`,
    ...(skipped > 0 ? [`${skipped} not run`] : []),
    shownMs(report.wallMs),
    `seed ${report.seed}`,
    `${report.floor} sandbox`,
  ].join(" · ");
  return `${verdictWord(report.verdict)}  ${report.summary}\n${
    paint("gray", facts)
  }`;
}
