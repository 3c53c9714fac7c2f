import type { HostExit } from "../../sandbox/mod.ts";

/** A process of the learner's ended by itself, or never listened. */
export class LearnerExit extends Error {
  override readonly name = "LearnerExit";

  constructor(
    readonly exit: HostExit,
    /** It ended before it listened for the first time in this check. */
    readonly failedToLoad: boolean,
  ) {
    super(exit.message);
  }
}
