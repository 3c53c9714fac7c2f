/** 01.1: what a chain or a group of parts is worth. */
import { notImplemented } from "./problem.ts";
import type { Part } from "./scenario.ts";

export interface Availability {
  readonly availability: number;
  readonly downMinutesPerYear: number;
}

export function availability(_part: Part): Availability {
  // TODO 01.1: a number is worth itself; a series or a parallel group what its parts are worth together. A helper
  // (part: Part): number may call itself. Turn parts into numbers before you reduce them, or say reduce<number>.
  throw notImplemented("01.1 Estimator", "work it out in availability.ts");
}
