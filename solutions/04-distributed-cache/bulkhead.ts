/** Lets a few through at a time, makes some wait, and turns the rest away while there is still time to say so. */
import { ProblemError } from "./problem.ts";

export interface BulkheadOptions {
  readonly inFlightMax: number;
  /** A longer line would only be waited in by clients that have left by then. */
  readonly queueMax: number;
}

export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  /** Throws 503 when the line is full. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await operation();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    const { inFlightMax, queueMax } = this.#options;
    if (this.#inFlight < inFlightMax) {
      this.#inFlight++;
      return undefined;
    }
    if (this.#waiting.length >= queueMax) {
      const detail = "Too many are waiting for the database already";
      throw new ProblemError(503, "overloaded", detail, { "retry-after": "1" });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The place goes straight to the next in line: nobody who comes now can slip in before.
    if (next) next();
    else this.#inFlight--;
  }
}
