/** Balancing by who asks: the same user meets the same backend, with nothing stored. */
import type { Backend } from "./backend.ts";
import { notImplemented } from "./problem.ts";

export function consistentHash() {
  return function chooseByKey(
    _ready: readonly Backend[],
    _user: string,
  ): Backend {
    // TODO 06.4: by X-User, so that one backend more or less moves few users.
    throw notImplemented(
      "06.4 Session persistence",
      "choose by X-User in consistent_hash.ts",
    );
  };
}
