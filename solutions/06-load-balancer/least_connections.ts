/** Balancing by what is under way: a slow backend gets less without anybody having to say that it is slow. */
import type { Backend } from "./backend.ts";

/** The one with the fewest requests under way for its weight; equals take turns. */
export function leastConnections() {
  let turn = 0;
  return function chooseIdlest(ready: readonly Backend[]): Backend {
    turn += 1;
    const inTurn = ready.map((_, index) =>
      ready[(index + turn) % ready.length]!
    );
    return inTurn.reduce(idler);
  };
}

/** The better of two different ones: nearly as even, and two instances do not all run to the same idle backend. */
export function powerOfTwo() {
  return function chooseOfTwo(ready: readonly Backend[]): Backend {
    const first = Math.floor(Math.random() * ready.length);
    // One of the others: drawn with replacement, the busiest could meet itself and win.
    const step = 1 + Math.floor(Math.random() * (ready.length - 1));
    return idler(ready[first]!, ready[(first + step) % ready.length]!);
  };
}

function idler(one: Backend, other: Backend): Backend {
  return loadOf(other) < loadOf(one) ? other : one;
}

function loadOf({ inFlight, weight }: Backend): number {
  return inFlight / weight;
}
