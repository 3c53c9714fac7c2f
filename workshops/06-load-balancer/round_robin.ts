/** Weighted round robin. */
import type { Backend } from "./backend.ts";
import { notImplemented } from "./problem.ts";

export function roundRobin(_weightOf: (backend: Backend) => number) {
  return function takeTurns(_ready: readonly Backend[]): Backend {
    // TODO 06.1: exact shares, and the heavy backend's turns spread out.
    throw notImplemented("06.1 Round robin", "take turns in round_robin.ts");
  };
}
