/** What a broken promise looks like. */
export interface FailureDetails {
  /** The promise, one sentence. Default: the title of the check. */
  readonly rule?: string;
  readonly expected?: string;
  readonly received?: string;
  /** Derived from what was seen; goes before the hint of the check. */
  readonly hint?: string;
  /** In place of every other hint: what happened has nothing to do with what the check is about. */
  readonly onlyHint?: string;
}

/** The system under test broke a promise. `expect` throws it; a check may too. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly details: FailureDetails;

  constructor(details: FailureDetails, options?: ErrorOptions) {
    super(messageOf(details), options);
    this.details = details;
  }
}

/** This try says nothing about the system under test: the fault did not fire, or the machine was too slow. */
export class Inconclusive extends Error {
  override readonly name = "Inconclusive";
}

function messageOf({ rule, expected, received }: FailureDetails): string {
  const lines = [rule ?? "A promise was broken"];
  if (expected !== undefined) lines.push(`expected: ${expected}`);
  if (received !== undefined) lines.push(`received: ${received}`);
  return lines.join("\n");
}
