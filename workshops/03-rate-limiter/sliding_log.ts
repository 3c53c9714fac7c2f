/** The time of every admitted request. */
import type { Algorithm } from "./algorithm.ts";
import { notImplemented } from "./problem.ts";

/** Times of the requests admitted within the last window, oldest first. */
type State = readonly number[];

export const slidingLog: Algorithm<State> = {
  decide(_state, _terms) {
    // TODO 03.3 Sliding windows
    throw notImplemented(
      "03.3 Sliding windows",
      "remember when requests came in sliding_log.ts",
    );
  },

  // TODO 03.4: the same as one script.
  script: "",
};
