/** A ring with many points of each backend: a user belongs to the next point from its own on. */
import type { Backend } from "./backend.ts";

const POINTS = 200;

interface Point {
  readonly at: number;
  readonly backend: Backend;
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
    return (ring.find((point) => point.at >= at) ?? ring[0]!).backend;
  };
}

function ringOf(ready: readonly Backend[]): Point[] {
  return ready
    .flatMap((backend) =>
      Array.from(
        { length: POINTS },
        (_, point) => ({ at: hash(`${backend.id} ${point}`), backend }),
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
