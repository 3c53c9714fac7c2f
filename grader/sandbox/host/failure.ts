import type { ExitReason } from "@contract/verdict.ts";
import { ownFrame } from "./own_frame.ts";
import { refusalOf } from "./refusal.ts";

/** Why the learner's code broke down, in words for the learner. */
export interface Failure {
  readonly reason: ExitReason;
  readonly message: string;
}

/** The code threw while `doing` something: "The factory of system.ts failed". Paths are those of the submission. */
export function failureOf(
  error: unknown,
  { reason, doing, submissionUrl }: {
    readonly reason: ExitReason;
    readonly doing: string;
    readonly submissionUrl: string;
  },
): Failure {
  const place = ownFrame(error, submissionUrl);
  const where = place === undefined ? "" : ` (${place})`;
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    return { reason: "forbidden", message: refusal + where };
  }
  const what = nameOf(error).replaceAll(submissionUrl, "");
  return { reason, message: `${doing}: ${what}${where}` };
}

/** "TypeError: x is not a function", whatever was thrown. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : `${JSON.stringify(error) ?? String(error)} was thrown`;
}
