/** Three states as three objects; an attempt tells the state in which it began, and a state that was left hears nothing. */
import type { Clock } from "@contract/system.ts";

export interface BreakerLimits {
  readonly failures: number;
  readonly openMs: number;
}

export type Outcome = "success" | "failure" | "unknown";

interface State {
  readonly name: "closed" | "open" | "half_open";
  readonly untilMs?: number;
  inRow: number;
  scouts: number;
}

export class Breaker {
  #now: State = { name: "closed", inRow: 0, scouts: 0 };

  constructor(
    readonly limits: BreakerLimits,
    readonly clock: Pick<Clock, "now">,
  ) {}

  get state(): State["name"] {
    const { name, untilMs = Infinity } = this.#now;
    if (name === "open" && this.clock.now() >= untilMs) {
      this.#now = { name: "half_open", inRow: 0, scouts: 0 };
    }
    return this.#now.name;
  }

  get admits(): boolean {
    const name = this.state;
    return name === "closed" || (name === "half_open" && !this.#now.scouts);
  }

  begin(): (outcome: Outcome) => void {
    const began = this.#now;
    began.scouts += 1;
    return (outcome) => {
      began.scouts -= 1;
      if (began !== this.#now || outcome === "unknown") return;
      if (outcome === "failure") began.inRow += 1;
      else began.inRow = 0;
      const isEnough = began.name === "half_open" ||
        began.inRow === this.limits.failures;
      if (outcome === "failure" && isEnough) {
        const untilMs = this.clock.now() + this.limits.openMs;
        this.#now = { name: "open", untilMs, inRow: 0, scouts: 0 };
      } else if (began.name === "half_open") {
        this.#now = { name: "closed", inRow: 0, scouts: 0 };
      }
    };
  }
}
