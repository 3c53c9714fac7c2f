import type { ExitReason } from "@contract/verdict.ts";
import { placeBehind } from "./own_frame.ts";
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
  const where = placeBehind(error, submissionUrl);
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    return { reason: "forbidden", message: refusal + where };
  }
  if (isOutOfMemory(error)) {
    return {
      reason: "memory",
      message:
        `The code asked for more memory than an instance may have${where}`,
    };
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

/** V8 refuses a buffer by an exception, and only small things by ending the process. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError &&
    /^Array buffer allocation failed|could not allocate memory/.test(
      error.message,
    );
}
