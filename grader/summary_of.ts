import type { CheckReport, StageReport } from "@contract/report.ts";
import type { RunVerdict } from "@contract/verdict.ts";

/** The report's one sentence. `stop` is the reason that ended the run early, where there is one. */
export function summaryOf(
  verdict: RunVerdict,
  stages: readonly StageReport[],
  stop: string | undefined,
): string {
  if (stop !== undefined) return stop;
  switch (verdict) {
    case "passed":
      return stages.length === 1
        ? `Stage ${stages[0]!.number} ${stages[0]!.title} passed`
        : `All ${stages.length} stages passed`;
    case "canceled":
      return "The run was canceled";
    case "infra_error":
      return undecided(stages);
    default:
      return firstFailure(stages) ?? outOfTime(stages);
  }
}

function firstFailure(stages: readonly StageReport[]): string | undefined {
  for (const { number, title, checks } of stages) {
    const failed = checks.find(isFailed);
    if (failed !== undefined) {
      const rule = failed.failure?.rule ?? failed.title;
      return `Stage ${number} ${title}: ${rule}`;
    }
  }
  return undefined;
}

/** No check has failed, so the time of the whole run was over. A check without a try to its end was under way. */
function outOfTime(stages: readonly StageReport[]): string {
  const last = stages.flatMap(({ checks }) => checks)
    .findLast(({ status }) => status !== "skipped");
  const where = last === undefined
    ? "before its first check"
    : `${last.attempts === 0 ? "during" : "after"} ${last.id} ${last.title}`;
  return `The run took too long and was ended ${where}; nothing is known to be wrong`;
}

function isFailed({ status }: CheckReport): boolean {
  return status === "fail" || status === "error" || status === "timeout";
}

function undecided(stages: readonly StageReport[]): string {
  const checks = stages.flatMap(({ checks }) => checks);
  const broken = checks.find(({ status }) => status === "error");
  if (broken !== undefined) {
    return `The check ${broken.id} broke down, not your code`;
  }
  const open = checks.find(({ status }) => status === "inconclusive");
  if (open === undefined) return "No check was run: our fault, not yours";
  const why = open.failure?.rule ?? "the fault that it needs did not happen";
  return `Nothing is decided, and not by your code: ${open.id} ${open.title}: ${why}`;
}
