/** Stops asking a backend that fails again and again, and finds out with one request at a time whether it is well. */
import type { Clock } from "@contract/system.ts";

export interface BreakerLimits {
  /** Failures in a row that open it; 0: it stays closed. */
  readonly failures: number;
  readonly openMs: number;
}

/** What an attempt says about its backend; nothing, if the client hung up before there was an answer. */
export type Outcome = "success" | "failure" | "unknown";

export class Breaker {
  constructor(
    readonly limits: BreakerLimits,
    readonly clock: Pick<Clock, "now">,
  ) {}

  get state(): "closed" | "open" | "half_open" {
    // TODO 06.6: open after so many failures in a row, half-open exactly openMs later, without any request.
    return "closed";
  }

  /** Whether a request may be sent now. */
  get admits(): boolean {
    // TODO 06.6: half-open, one at a time.
    return true;
  }

  /** An attempt begins; what it returns is told how it ended. */
  begin(): (outcome: Outcome) => void {
    return () => {};
  }
}
