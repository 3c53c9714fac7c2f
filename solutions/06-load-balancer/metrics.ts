/** What this instance has done since it started, as Prometheus reads it. */
import type { Outcome } from "./breaker.ts";

export class Metrics {
  /** By name, then by labels. */
  readonly #counters = {
    lb_requests_total: new Map<string, number>(),
    lb_attempts_total: new Map<string, number>(),
    lb_retries_total: new Map<string, number>([["", 0]]),
  };

  /** A client got an answer. */
  answered(status: number): void {
    addOne(this.#counters.lb_requests_total, `{status="${status}"}`);
  }

  /** A backend was asked. */
  attempted(backend: string, outcome: Outcome): void {
    const labels = `{backend="${backend}",outcome="${outcome}"}`;
    addOne(this.#counters.lb_attempts_total, labels);
  }

  retried(): void {
    addOne(this.#counters.lb_retries_total, "");
  }

  get text(): string {
    const lines = Object.entries(this.#counters).flatMap(([name, counts]) => [
      `# TYPE ${name} counter`,
      ...[...counts].map(([labels, count]) => `${name}${labels} ${count}`),
    ]);
    return lines.map((line) => `${line}\n`).join("");
  }
}

function addOne(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1);
}
