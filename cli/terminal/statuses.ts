import type { CheckStatus, RunVerdict } from "@contract/verdict.ts";
import { paint } from "./paint.ts";

/** A state is told by its shape and its word; colour only helps. */
const CHECK_MARKS: Readonly<Record<CheckStatus, string>> = {
  pass: paint("green", "✔"),
  fail: paint("red", "✘"),
  error: paint("red", "✘"),
  timeout: paint("red", "⏱"),
  skipped: paint("gray", "○"),
  withheld: paint("gray", "◌"),
  inconclusive: paint("yellow", "?"),
};

const VERDICTS: Readonly<Record<RunVerdict, string>> = {
  passed: "PASSED",
  partial: "FAILED",
  failed: "FAILED",
  timeout: "TIMEOUT",
  crashed: "CRASHED",
  output_limit: "TOO MUCH OUTPUT",
  memory: "OUT OF MEMORY",
  forbidden: "FORBIDDEN",
  load_error: "DOES NOT LOAD",
  rejected: "REJECTED",
  canceled: "CANCELED",
  infra_error: "NOT DECIDED",
};

export function checkMark(status: CheckStatus): string {
  return CHECK_MARKS[status];
}

export function verdictWord(verdict: RunVerdict): string {
  const style = verdict === "passed"
    ? "green"
    : verdict === "canceled" || verdict === "infra_error"
    ? "yellow"
    : "red";
  return paint(["bold", style], VERDICTS[verdict]);
}
