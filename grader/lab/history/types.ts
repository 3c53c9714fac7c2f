/**
 * Histories: what clients asked, what they were told, and when; and what the checkers say about them.
 *
 * @module
 */

/** One operation of one client, as seen from outside. */
export interface Operation<Input, Output = unknown> {
  /** Who asked: "A", "client 3". One client asks one thing at a time. */
  readonly client: string;
  /** The object that it concerns; operations on different keys do not constrain each other. Default "". */
  readonly key?: string;
  readonly input: Input;
  /** What was answered; only there when `outcome` is `ok`. */
  readonly output?: Output;
  /** `ok`: applied. `fail`: definitely not applied. `maybe`: nobody outside can know. */
  readonly outcome: "ok" | "fail" | "maybe";
  /** When it was sent, ms on any clock that does not go back: `performance.now()`. */
  readonly startedAtMs: number;
  /** When the answer came. A `maybe` may take effect at any time after `startedAtMs`, so this is not read then. */
  readonly endedAtMs: number;
}

/** `unknown`: the history proves nothing either way. Call `lab.inconclusive(message)`; never count it as a failure. */
export type Verdict = "valid" | "invalid" | "unknown";

/** What a checker found. */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence with the evidence, for a failure's `received`; empty when valid. */
  readonly message: string;
}
