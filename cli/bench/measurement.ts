/** One line of the table: what was measured, against what. */
export interface Measurement {
  readonly what: string;
  /** "p50 212 ms, p95 301 ms", or why it was not measured. */
  readonly result: string;
  readonly target: string;
  /** Undefined when nothing was measured. */
  readonly isReached?: boolean;
}

/** The middle of some figures, and the one that 95 of 100 stay below. */
export function spread(figures: readonly number[]): {
  readonly p50: number;
  readonly p95: number;
} {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ??
      NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
