/** 01.1: what a chain or a group of parts is worth. */
import type { Part } from "./scenario.ts";

const MINUTES_PER_YEAR = 365 * 24 * 60;

export interface Availability {
  readonly availability: number;
  readonly downMinutesPerYear: number;
}

export function availability(part: Part): Availability {
  const up = shareUp(part);
  return { availability: up, downMinutesPerYear: (1 - up) * MINUTES_PER_YEAR };
}

/** In series all must be up; in parallel it is down only while all are down. Parts are taken to fail independently. */
function shareUp(part: Part): number {
  if (typeof part === "number") return part;
  if ("series" in part) {
    return part.series.reduce<number>((up, one) => up * shareUp(one), 1);
  }
  return 1 - part.parallel.reduce<number>(
    (down, one) => down * (1 - shareUp(one)),
    1,
  );
}
