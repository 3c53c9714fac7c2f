/** Two counts: this window's and the previous one's, of which only a share still counts. */
import type { Algorithm } from "./algorithm.ts";
import { notImplemented } from "./problem.ts";

interface State {
  readonly startMs: number;
  readonly count: number;
  readonly previous: number;
}

export const slidingCounter: Algorithm<State> = {
  decide(_state, _terms) {
    // TODO 03.3 Sliding windows
    throw notImplemented(
      "03.3 Sliding windows",
      "weigh the previous window in sliding_counter.ts",
    );
  },

  // TODO 03.4: the same as one script.
  script: "",
};
