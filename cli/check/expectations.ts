import type { CheckReport, Report } from "@contract/report.ts";
import { shownMs } from "../terminal/durations.ts";
import type { Mutant } from "./mutants.ts";

/**
 * Why a right solution did not pass; undefined when it did. What could not be decided is no false rejection: it is
 * told apart by `undecidedIn`.
 */
export function passProblem(report: Report): string | undefined {
  if (report.verdict === "passed") return undefined;
  const culprit = checksOf(report).find(({ status }) =>
    !["pass", "skipped", "inconclusive"].includes(status)
  );
  if (culprit !== undefined) return `${report.verdict}: ${told(culprit)}`;
  return undecidedIn(report).length > 0
    ? undefined
    : `${report.verdict}: ${report.summary}`;
}

/** Checks that were tried and could not be decided: the fault did not fire, the machine was too busy. */
export function undecidedIn(report: Report): string[] {
  return checksOf(report)
    .filter(({ status }) => status === "inconclusive")
    .map(({ id }) => id);
}

/** A right solution's stage should be over in this time, but for sweeps that kill an instance at every message. */
const STAGE_MS_MAX = 3_000;

/** Stages that took longer than a learner should have to wait, at their fastest of several runs: "stage 6: 5.1 s". */
export function slowStages(reports: readonly Report[]): string[] {
  const stages = reports.flatMap(({ stages }) => stages);
  return [...Map.groupBy(stages, ({ number }) => number)]
    .map(([number, runs]) =>
      [number, Math.min(...runs.map(({ wallMs }) => wallMs))] as const
    )
    .filter(([, wallMs]) => wallMs > STAGE_MS_MAX)
    .map(([number, wallMs]) => `stage ${number}: ${shownMs(wallMs)}`);
}

/** Why the stub does not fail its stage as a learner should first see it; undefined when it does. */
export function stubProblem(report: Report): string | undefined {
  const { verdict, summary } = report;
  if (verdict === "passed") return "the stub passes";
  // A 501 or an assertion is a plain failure; anything else hides what there is to build.
  if (verdict !== "failed") return `${verdict} instead of failed: ${summary}`;
  const passing = checksOf(report).filter(({ status }) => status === "pass");
  return passing.length === 0
    ? undefined
    : `the stub passes ${passing.map(({ id }) => id).join(", ")}`;
}

/** Why a mutant was not caught by its own check alone; undefined when it was. */
export function mutantProblem(
  report: Report,
  { check, statuses, why }: Mutant,
): string | undefined {
  const stage = report.stages.at(-1)!;
  const earlier = report.stages.slice(0, -1).flatMap(({ checks }) => checks)
    .find(({ status }) => status !== "pass" && status !== "inconclusive");
  if (earlier !== undefined) {
    return `an earlier check ends first: ${told(earlier)}`;
  }
  const named = stage.checks.find(({ id }) => id === check);
  if (named && statuses.includes(named.status)) return undefined;
  if (named?.status === "pass") return `${check} passes although it ${why}`;
  return named === undefined
    ? `${check} was not run`
    : `expected ${check} to ${statuses.join(" or ")}: ${told(named)}`;
}

/** Other checks of the same stage that notice the mutant as well. */
export function siblingsOf(report: Report, { check }: Mutant): string[] {
  return report.stages.at(-1)!.checks
    .filter(({ id, status }) =>
      id !== check && status !== "pass" && status !== "skipped"
    )
    .map(({ id }) => id);
}

function checksOf({ stages }: Report): CheckReport[] {
  return stages.flatMap(({ checks }) => checks);
}

function told({ id, status, failure }: CheckReport): string {
  if (failure === undefined) return `${id} ${status}`;
  const { rule, expected, received } = failure;
  const seen = received === undefined
    ? ""
    : `; expected ${short(expected ?? "")}, received ${short(received)}`;
  return `${id} ${status}: ${rule}${seen}`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
