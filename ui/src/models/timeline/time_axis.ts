/** A time axis that stays readable when a burst of 2 ms stands beside a wait of 200 ms. */
export interface TimeAxis {
  /** From 0 (start) to 1 (end). */
  position(atMs: number): number;
  readonly ticks: readonly {
    readonly atMs: number;
    readonly position: number;
  }[];
}

const TICKS = 6;

/**
 * Steps between moments are drawn to scale while they are short and grow only with the logarithm once they
 * are longer than the usual step: order and nearness stay true, empty time costs little room.
 */
export function createTimeAxis(moments: readonly number[]): TimeAxis {
  const times = [...new Set(moments)].sort((a, b) => a - b);
  const steps = times.slice(1).map((time, index) => time - times[index]!);
  const usualMs = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  const lengths = steps.map((step) => Math.log1p(step / usualMs));
  const total = lengths.reduce((sum, length) => sum + length, 0) || 1;
  const positions = [0];
  for (const length of lengths) {
    positions.push(positions.at(-1)! + length / total);
  }

  function position(atMs: number): number {
    const next = times.findIndex((time) => time >= atMs);
    if (next === -1) return 1;
    if (next === 0) return 0;
    const share = (atMs - times[next - 1]!) / (times[next]! - times[next - 1]!);
    return positions[next - 1]! +
      share * (positions[next]! - positions[next - 1]!);
  }

  return { position, ticks: pickTicks(times, positions) };
}

/** The moments that lie nearest to evenly spread places, so that every label is the time of something. */
function pickTicks(times: readonly number[], positions: readonly number[]) {
  const chosen = new Set<number>();
  for (let tick = 0; tick < TICKS; tick++) {
    const wanted = tick / (TICKS - 1);
    const distances = positions.map((each) => Math.abs(each - wanted));
    chosen.add(distances.indexOf(Math.min(...distances)));
  }
  const ticks = [...chosen].sort((a, b) => a - b)
    .map((index) => ({ atMs: times[index]!, position: positions[index]! }));
  // Labels need room of their own.
  return ticks.filter((tick, index) =>
    index === 0 || tick.position - ticks[index - 1]!.position > 0.08
  );
}
