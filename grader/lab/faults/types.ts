/**
 * Gates, faults and crash sweeps, as a check asks for them.
 *
 * @module
 */
import type { Instance, Store } from "../types.ts";

/** Holds one command. `await gate.reached` before relying on it. */
export interface Gate extends Disposable {
  /** Resolves when the command is held; ends the check as inconclusive after 2 s. */
  readonly reached: Promise<void>;
  release(): void;
}

export interface FaultTarget {
  /** Default: every instance. */
  readonly instance?: Instance;
  /** `{ store: "redis" }`, `{ peer: "B" }`, `{ upstream: "bank" }` or `{ shard: "s1" }` */
  readonly store?: Store;
  readonly shard?: string;
  readonly peer?: string;
  readonly upstream?: string;
}

export interface Fault extends Disposable {
  /** Connections or messages that the fault has touched: the proof that it fired. */
  readonly hits: number;
  heal(): void;
}

export interface CrashSweep {
  /** Set-up before each point, whose messages are not crash points. The stores are not emptied: use fresh keys. */
  readonly before?: (point: number) => Promise<void>;
  /**
   * The operation whose store messages are the crash points. Requests under way when the instance is killed end as
   * `maybe`, and may be noted; its next call of the lab throws, which ends it.
   */
  readonly operation: (point: number) => Promise<unknown>;
  /** After the restart: retries, then asserts the invariant. */
  readonly verify: (point: CrashPoint) => Promise<void>;
  /** The instance to kill. Default the first. */
  readonly instance?: Instance;
  /** Upper bound. Default 20. */
  readonly pointsMax?: number;
}

export interface CrashPoint {
  readonly index: number;
  readonly side: "before" | "after";
  /** The message: "INCR limit:alice", "UPDATE seats SET …". */
  readonly message: string;
}

export interface SweepResult {
  readonly points: readonly CrashPoint[];
}
