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
  #failures = 0;
  #openedAtMs: number | undefined;
  #isProbing = false;

  constructor(
    readonly limits: BreakerLimits,
    readonly clock: Pick<Clock, "now">,
  ) {}

  get state(): "closed" | "open" | "half_open" {
    if (this.#openedAtMs === undefined) return "closed";
    const elapsedMs = this.clock.now() - this.#openedAtMs;
    return elapsedMs < this.limits.openMs ? "open" : "half_open";
  }

  /** Half-open it admits one: if all came at once, who has just recovered would fall again. */
  get admits(): boolean {
    const { state } = this;
    return state === "closed" || (state === "half_open" && !this.#isProbing);
  }

  /** An attempt begins; what it returns is told how it ended. */
  begin(): (outcome: Outcome) => void {
    const isProbe = this.state !== "closed";
    if (isProbe) this.#isProbing = true;
    return (outcome) => {
      if (isProbe) this.#isProbing = false;
      // What was asked before it opened says nothing about now.
      const isOpen = this.#openedAtMs !== undefined;
      if (isProbe === isOpen) this.#learn(outcome, { isProbe });
    };
  }

  #learn(outcome: Outcome, { isProbe }: { readonly isProbe: boolean }): void {
    if (outcome === "unknown") return;
    this.#failures = outcome === "success" ? 0 : this.#failures + 1;
    if (outcome === "success") this.#openedAtMs = undefined;
    else if (isProbe || this.#failures === this.limits.failures) {
      this.#openedAtMs = this.clock.now();
    }
  }
}
