/** A ring with many points of each backend: a user belongs to the next point from its own on. */
import type { Backend } from "./backend.ts";

const POINTS = 200;

interface Point {
  readonly at: number;
  readonly id: string;
}

export function consistentHash() {
  let ring: readonly Point[] = [];
  let ofIds = "";
  return function nextOnRing(
    ready: readonly Backend[],
    user: string,
  ): Backend {
    const ids = ready.map(({ id }) => id).join();
    if (ids !== ofIds) [ring, ofIds] = [ringOf(ready), ids];
    const at = hash(`user ${user}`);
    const { id } = nextFrom(ring, at);
    return ready.find((backend) => backend.id === id)!;
  };
}

/** By halves: the first point that is not before `at`, or the first of all. */
function nextFrom(ring: readonly Point[], at: number): Point {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ring[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return ring[low] ?? ring[0]!;
}

function ringOf(ready: readonly Backend[]): Point[] {
  return ready
    .flatMap(({ id }) =>
      Array.from(
        { length: POINTS },
        (_, point) => ({ at: hash(`${id} ${point}`), id }),
      )
    )
    .sort((one, other) => one.at - other.at);
}

function hash(text: string): number {
  let bits = 17;
  for (let index = 0; index < text.length; index++) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x9e3779b1);
    bits ^= bits >>> 15;
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
