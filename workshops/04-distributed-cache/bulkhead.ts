/** Lets a few through at a time, makes some wait, and turns the rest away. */

export interface BulkheadOptions {
  readonly inFlightMax: number;
  /** How many may wait. */
  readonly queueMax: number;
}

export class Bulkhead {
  constructor(_options: BulkheadOptions) {
    // TODO 04.7
  }

  /** Throws 503 when the line is full. */
  run<T>(operation: () => Promise<T>): Promise<T> {
    return operation();
  }
}
