/** How every command ends. */
export const EXIT = {
  passed: 0,
  /** Checks ran, and not all passed. */
  failed: 1,
  /** Wrong use, or a fault of ours: nothing is said about the learner's code. */
  wrong: 2,
  /** Ctrl-C: 128 and the signal's number, as shells expect. */
  interrupted: 130,
} as const;

export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** The caller asked for what cannot be done; the message says what can. Ends a command with `EXIT.wrong`. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
