/** A bucket of `burst` tokens that gets `limit` new ones per window, evenly. It starts full. */
import type { Algorithm } from "./algorithm.ts";
import { notImplemented } from "./problem.ts";

/** Yours to choose: what must be remembered so that no part of a token is lost? */
type State = unknown;

export const tokenBucket: Algorithm<State> = {
  decide(_state, _terms) {
    // TODO 03.2 Token bucket
    throw notImplemented(
      "03.2 Token bucket",
      "fill and empty the bucket in token_bucket.ts",
    );
  },

  // TODO 03.4: the same as one script.
  script: "",
};
