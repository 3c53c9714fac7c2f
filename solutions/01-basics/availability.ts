/** 01.1: what a chain or a group of parts is worth. */
import type { Part } from "./scenario.ts";

const MINUTES_PER_YEAR = 365 * 24 * 60;

export interface Availability {
  readonly availability: number;
  readonly downMinutesPerYear: number;
}

export function availability(part: Part): Availability {
  const down = shareDown(part);
  return {
    availability: 1 - down,
    downMinutesPerYear: down * MINUTES_PER_YEAR,
  };
}

/**
 * Parts are taken to fail independently. What is down is counted, for next to 1 a number cannot tell how little is
 * missing: four parts with four nines in parallel are down for 1e-16 of the time, and 1 - 1e-16 is 1.
 */
function shareDown(part: Part): number {
  if (typeof part === "number") return 1 - part;
  if ("series" in part) {
    // Each part adds its share of the time in which those before it are up.
    return part.series.map(shareDown)
      .reduce((down, one) => down + (1 - down) * one, 0);
  }
  return part.parallel.map(shareDown).reduce((down, one) => down * one, 1);
}
