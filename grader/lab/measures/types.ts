/**
 * Counts, ratios and growth.
 *
 * @module
 */
import type { Answer, Requester } from "../clients/types.ts";

export interface WireCounts {
  readonly redis: {
    readonly commands: number;
    readonly roundTrips: number;
    /** What came back: who reads a thousand rows to find one is seen here, on any machine. */
    readonly bytesReceived: number;
    readonly byName: Readonly<Record<string, number>>;
  };
  readonly postgres: {
    readonly messages: number;
    readonly bytesReceived: number;
    readonly statements: readonly string[];
  };
  readonly upstreams: Readonly<Record<string, number>>;
  /** Opened, not open: one that is used a hundred times counts once. */
  readonly connections: {
    readonly redis: number;
    readonly postgres: number;
    readonly upstreams: Readonly<Record<string, number>>;
  };
}

/**
 * Interleaves rounds of the reference, a second copy of the reference (the A/A control) and the submission,
 * with `latencyMs` on every store round trip, so that round trips and not the machine decide.
 */
export interface RatioPlan {
  /** Prepares one system's data; called once for each of the three. */
  readonly prepare: (system: Requester) => Promise<void>;
  readonly operation: (system: Requester, index: number) => Promise<Answer>;
  /** Operations under way at once. Default 8. */
  readonly concurrency?: number;
  /** Operations of one round. Default 40. */
  readonly operations?: number;
  /** Rounds that count, after one that does not. Default 5. */
  readonly rounds?: number;
  /** Default 10. */
  readonly latencyMs?: number;
}

export interface RatioResult {
  /** Submission ÷ reference, median of the rounds: 1 is as fast. Gate at 0.55. */
  readonly ratio: number;
  /** Of one operation, in words for a failure: "7.1 messages to the stores each, the reference sends 3". */
  readonly cost: string;
  /** Reference ÷ reference: outside 0.85–1.15 the check is inconclusive. */
  readonly control: number;
}

export interface GrowthPlan {
  /** Grows the data to `size`. */
  readonly prepare: (size: number) => Promise<void>;
  readonly operation: (index: number) => Promise<unknown>;
  /** The data becomes 10 times as large. */
  readonly size: number;
  /** Operations measured at each size. Default 30. */
  readonly operations?: number;
}
