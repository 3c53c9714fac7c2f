/** A token bucket as the contract describes it: the judge of a trace. */
export interface BucketTerms {
  readonly limit: number;
  readonly windowSec: number;
  readonly burst: number;
}

export class TokenBucketModel {
  /** What is missing from a full bucket, as the milliseconds that it takes to refill. */
  missingMs = 0;
  readonly #perTokenMs: number;

  /** `windowSec × 1000` must be a multiple of `limit`, so that the model needs no fractions. */
  constructor(readonly terms: BucketTerms) {
    this.#perTokenMs = terms.windowSec * 1000 / terms.limit;
  }

  advance(stepMs: number): void {
    this.missingMs = Math.max(0, this.missingMs - stepMs);
  }

  /** What the gateway must answer to a request of this cost. */
  take(cost: number): { status: number; left: number; retrySec?: number } {
    const tooMuchMs = this.missingMs +
      (cost - this.terms.burst) * this.#perTokenMs;
    if (tooMuchMs > 0) {
      return {
        status: 429,
        left: this.#left(),
        retrySec: Math.ceil(tooMuchMs / 1000),
      };
    }
    this.missingMs += cost * this.#perTokenMs;
    return { status: 200, left: this.#left() };
  }

  /** So near to a whole second or token that an honest rounding error could decide. A full bucket is never near. */
  isAtEdgeAfter(stepMs: number): boolean {
    const missingMs = this.missingMs - stepMs;
    const overMs = missingMs % 1000;
    return missingMs > -50 && (overMs < 50 || overMs > 950);
  }

  #left(): number {
    return Math.floor(this.terms.burst - this.missingMs / this.#perTokenMs);
  }
}
