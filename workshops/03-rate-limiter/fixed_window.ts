/** One count per window. Windows are aligned: they begin at multiples of their length since 1970. */
import type { Algorithm } from "./algorithm.ts";
import { notImplemented } from "./problem.ts";

interface State {
  readonly startMs: number;
  readonly count: number;
}

export const fixedWindow: Algorithm<State> = {
  decide(_state, _terms) {
    // TODO 03.1 Fixed window
    throw notImplemented(
      "03.1 Fixed window",
      "count requests per window in fixed_window.ts",
    );
  },

  // TODO 03.4: the same as one script.
  script: "",
};
