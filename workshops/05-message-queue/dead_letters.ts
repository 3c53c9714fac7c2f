/** Where messages go that nobody could handle, and how they come back. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface DeadLetters {
  /** Moves what ran out of attempts, from this queue and into this queue; gives its number. */
  bury(queue: string): Promise<number>;
  /** Sends the dead letters in a queue back to where they came from; gives their number. */
  redrive(dlq: string): Promise<number>;
}

export function openDeadLetters(_context: Context): DeadLetters {
  return {
    // TODO 05.5. Called before statistics and by a redrive; call it in receive.ts too, where you find it right.
    bury() {
      return Promise.resolve(0);
    },
    redrive() {
      throw notImplemented(
        "05.5 Retries and dead letters",
        "send dead letters back in dead_letters.ts",
      );
    },
  };
}
