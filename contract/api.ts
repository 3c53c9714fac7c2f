/**
 * Shapes of the server's HTTP API, shared by server, dashboard and command line. All under `/api`.
 *
 * @module
 */
import type { Level, StageManifest } from "./manifest.ts";
import type { CheckStatus, RunVerdict } from "./verdict.ts";
import type { Report } from "./report.ts";

/** `GET /api/workshops` */
export interface WorkshopList {
  readonly workshops: readonly WorkshopSummary[];
}

export interface WorkshopSummary {
  readonly slug: string;
  readonly number: string;
  readonly title: string;
  readonly summary: string;
  readonly level: Level;
  readonly hours: number;
  readonly needs: readonly string[];
  readonly stages: readonly StageProgress[];
}

/** What this learner has reached in one stage. Passed stays passed. */
export interface StageProgress {
  readonly number: number;
  readonly title: string;
  readonly status: "open" | "passed" | "failing";
  /** RFC 3339 of the first pass. */
  readonly passedAt?: string;
}

/** `GET /api/workshops/:slug` */
export interface WorkshopDetail extends WorkshopSummary {
  /** The workshop's README, markdown. */
  readonly brief: string;
  readonly stageManifests: readonly StageManifest[];
  /** The debrief (solutions/…/NOTES.md); only after all stages passed. */
  readonly debrief?: string;
}

/** `GET /api/workshops/:slug/hints/:stage` : levels 1 to 3, as far as unlocked; `POST …` unlocks the next. */
export interface StageHints {
  readonly stage: number;
  readonly unlocked: readonly string[];
  readonly total: number;
}

/** `POST /api/submissions` answers 202 with this; `GET /api/submissions/:id` too. */
export interface SubmissionView {
  readonly id: string;
  readonly workshop: string;
  readonly state: "queued" | "running" | "finished" | "canceled";
  readonly verdict?: RunVerdict;
  readonly queue?: { readonly position: number; readonly etaMs: number };
  readonly attempt: number;
  readonly receivedAt: string;
  readonly finishedAt?: string;
  /** Short view for lists: status of each check so far, in order. */
  readonly checks: readonly {
    readonly id: string;
    readonly status: CheckStatus;
  }[];
}

/** `GET /api/submissions/:id` */
export interface SubmissionDetail extends SubmissionView {
  readonly files: Readonly<Record<string, string>>;
  readonly report?: Report;
}

/** `GET /api/submissions?workshop=&cursor=&limit=` newest first. */
export interface SubmissionList {
  readonly submissions: readonly SubmissionView[];
  readonly cursor?: string;
}

/** `GET /api/session` */
export interface SessionView {
  readonly mode: "solo" | "class";
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly role: "owner" | "instructor" | "learner";
  };
}

/** `GET /api/health`, open to all. */
export interface HealthView {
  readonly status: "ok" | "degraded";
  readonly kitVersion: string;
  readonly queued: number;
  readonly running: number;
  readonly workers: number;
}

/** Every error: RFC 9457, `application/problem+json`. */
export interface Problem {
  /** "about:blank" */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable word for programs. */
  readonly code: ProblemCode;
  readonly detail?: string;
}

export const PROBLEM_CODES = {
  invalid_input: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  payload_too_large: 413,
  conflict: 409,
  submission_rejected: 422,
  idempotency_mismatch: 422,
  too_many_requests: 429,
  unavailable: 503,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof PROBLEM_CODES;
