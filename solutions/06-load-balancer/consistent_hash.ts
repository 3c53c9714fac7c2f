/** Rendezvous hashing: each user ranks the backends by a hash of both, so a backend more or less moves its own keys only. */
import type { Backend } from "./backend.ts";

export function consistentHash() {
  return function chooseHighest(
    ready: readonly Backend[],
    user: string,
  ): Backend {
    const scoreOf = ({ id }: Backend) => hash(`${id} ${user}`);
    return ready.reduce((one, other) =>
      scoreOf(other) > scoreOf(one) ? other : one
    );
  };
}

/** FNV-1a, and a last stir (of MurmurHash3): alike texts would otherwise get alike hashes. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    bits = Math.imul(bits ^ byte, 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
