import type { Failure } from "@contract/report.ts";
import type { FailureDetails } from "../expect/check_failure.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { CheckOptions } from "../types.ts";

export interface FailureParts {
  readonly details: FailureDetails;
  readonly options: Pick<CheckOptions, "title" | "hint">;
  readonly evidence: Evidence;
  readonly seed: string;
  /** What the wires saw that a check under a virtual clock cannot honour. */
  readonly warnings: readonly string[];
}

/** Puts what broke together with everything that helps to see why. */
export function buildFailure(parts: FailureParts): Failure {
  const { details, options, evidence, seed } = parts;
  return {
    rule: details.rule ?? `The system ${options.title}`,
    sent: evidence.sent,
    expected: details.expected,
    received: details.received,
    hint: hintOf(parts),
    logs: [...evidence.logs],
    trace: [...evidence.rows],
    seed,
  };
}

/** The most certain first. While a part is not built, nothing else is worth saying. */
function hintOf({ details, options, evidence, warnings }: FailureParts) {
  if (details.onlyHint !== undefined) return details.onlyHint;
  if (evidence.toBuild) return `Not built yet. ${evidence.toBuild}`;
  return [details.hint, ...warnings, options.hint]
    .filter((hint) => hint !== undefined && hint !== "")
    .join("\n");
}
