/** What this instance has done since it started, as Prometheus reads it. */
import type { Outcome } from "./breaker.ts";
import { notImplemented } from "./problem.ts";

export class Metrics {
  /** A client got an answer. */
  answered(_status: number): void {
    // TODO 06.8: count, here and in the other two.
  }

  /** A backend was asked. */
  attempted(_backend: string, _outcome: Outcome): void {}

  retried(): void {}

  get text(): string {
    throw notImplemented(
      "06.8 Edge security and observability",
      "write down what was counted in metrics.ts",
    );
  }
}
