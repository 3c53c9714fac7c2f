/** By sorting: all of them, or two that a shuffle has put first. */
import type { Backend } from "./backend.ts";

export function leastConnections() {
  return function first(ready: readonly Backend[]): Backend {
    return ready.toSorted(byLoad)[0]!;
  };
}

export function powerOfTwo() {
  return function firstOfTwo(ready: readonly Backend[]): Backend {
    const drawn = ready
      .map((backend) => ({ backend, draw: Math.random() }))
      .sort((one, other) => one.draw - other.draw)
      .slice(0, 2)
      .map(({ backend }) => backend);
    return drawn.sort(byLoad)[0]!;
  };
}

function byLoad(one: Backend, other: Backend): number {
  return one.inFlight / one.weight - other.inFlight / other.weight;
}
