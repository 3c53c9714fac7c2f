/** Balancing by what is under way. */
import type { Backend } from "./backend.ts";
import { notImplemented } from "./problem.ts";

/** The one with the fewest requests under way for its weight. */
export function leastConnections() {
  return function chooseIdlest(_ready: readonly Backend[]): Backend {
    // TODO 06.2
    throw notImplemented(
      "06.2 Least connections",
      "choose the idlest in least_connections.ts",
    );
  };
}

/** The idler one of two that were drawn at random. */
export function powerOfTwo() {
  return function chooseOfTwo(_ready: readonly Backend[]): Backend {
    // TODO 06.2
    throw notImplemented(
      "06.2 Least connections",
      "draw two in least_connections.ts",
    );
  };
}
