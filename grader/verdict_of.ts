import type { StageReport } from "@contract/report.ts";
import {
  type ExitReason,
  type RunVerdict,
  worseVerdict,
} from "@contract/verdict.ts";
import type { CheckMessage } from "./judge_process.ts";

type CheckFinished = Extract<CheckMessage, { kind: "check_finished" }>;

/** What one finished check says about the run; "inconclusive" says nothing against the learner. */
export function verdictOfCheck(
  { check, exit }: Pick<CheckFinished, "check" | "exit">,
): RunVerdict | "inconclusive" {
  if (check.status === "pass") return "passed";
  if (check.status === "inconclusive") return "inconclusive";
  if (check.status === "skipped" || check.status === "withheld") {
    return "passed";
  }
  if (exit !== undefined && exit !== "stopped") return VERDICT_OF_EXIT[exit];
  if (check.status === "timeout") return "timeout";
  // The judge gives the reason whenever the learner's process is the cause, so an error without one is ours.
  return check.status === "error" ? "infra_error" : "failed";
}

const VERDICT_OF_EXIT: Readonly<
  Record<Exclude<ExitReason, "stopped">, RunVerdict>
> = {
  load_error: "load_error",
  forbidden: "forbidden",
  memory: "memory",
  output_limit: "output_limit",
  timeout: "timeout",
  crashed: "crashed",
};

/** The worst wins. A run that only failed in part is `partial` once a stage passed. */
export function verdictOfRun(
  found: readonly (RunVerdict | "inconclusive")[],
  stages: readonly StageReport[],
): RunVerdict {
  const certain = found.filter((verdict) => verdict !== "inconclusive");
  const worst = certain.reduce(worseVerdict, "passed");
  if (worst === "passed") {
    const isProved = stages.length > 0 &&
      stages.every(({ status }) => status === "passed");
    return isProved ? "passed" : "infra_error";
  }
  const somePassed = stages.some(({ status }) => status === "passed");
  return worst === "failed" && somePassed ? "partial" : worst;
}
