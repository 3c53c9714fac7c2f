/**
 * The evidence trace: one timeline of what happened in a check, for people to read.
 *
 * @module
 */

/** What a row is about; each is drawn in its own shape. */
export type TraceKind =
  | "request"
  | "response"
  | "redis"
  | "postgres"
  | "upstream"
  | "peer"
  | "fault"
  | "clock"
  | "process"
  | "log";

/** One row of the timeline. */
export interface TraceRow {
  /** Real milliseconds since the check began, one decimal. */
  readonly atMs: number;
  /** The instance that the row belongs to ("A"); absent for what the lab itself did. */
  readonly instance?: string;
  readonly kind: TraceKind;
  /** At most 200 characters: "GET /api/x", "GET limit:alice", "→ 9", "held", "killed". */
  readonly text: string;
  /** Pairs a command with its reply, a request with its response: equal numbers belong together. */
  readonly span?: number;
  /** Set on the row that ends a span. */
  readonly durationMs?: number;
  /** A gate held this back; the row says when it was let go. */
  readonly heldMs?: number;
}

/**
 * Rows kept per check; the earliest exchanges after the last mark are dropped first, each with its reply. Forty
 * racing requests with three commands each are 320 rows.
 */
export const TRACE_ROWS_MAX = 400;
