import { z } from "@hono/zod-openapi";
import type {
  HealthView,
  SessionView,
  StageHints,
  SubmissionDetail,
  SubmissionList,
  SubmissionView,
  WorkshopDetail,
  WorkshopList,
  WorkshopSummary,
} from "@contract/api.ts";
import type { StageManifest } from "@contract/manifest.ts";
import type { Report } from "@contract/report.ts";
import { type CheckStatus, RUN_VERDICTS } from "@contract/verdict.ts";

// The contract's types decide; these describe the same shapes to the API's document. `satisfies` keeps them equal.

const TIME = z.iso.datetime();

const CHECK_STATUSES = [
  "pass",
  "fail",
  "error",
  "timeout",
  "skipped",
  "withheld",
  "inconclusive",
] as const satisfies readonly CheckStatus[];

const STAGE_PROGRESS = z.object({
  number: z.int(),
  title: z.string(),
  status: z.enum(["open", "passed", "failing"]),
  passedAt: TIME.optional(),
});

const WORKSHOP_SUMMARY = z.object({
  slug: z.string(),
  number: z.string(),
  title: z.string(),
  summary: z.string(),
  level: z.enum(["mid", "senior", "staff"]),
  hours: z.number(),
  needs: z.array(z.string()).readonly(),
  stages: z.array(STAGE_PROGRESS).readonly(),
}).openapi("WorkshopSummary") satisfies z.ZodType<WorkshopSummary>;

export const WORKSHOP_LIST = z.object({
  workshops: z.array(WORKSHOP_SUMMARY).readonly(),
}).openapi("WorkshopList") satisfies z.ZodType<WorkshopList>;

export const WORKSHOP_DETAIL = WORKSHOP_SUMMARY.extend({
  brief: z.string(),
  stageManifests: z.array(
    z.custom<StageManifest>().openapi({ type: "object" }),
  ),
  debrief: z.string().optional(),
}).openapi("WorkshopDetail") satisfies z.ZodType<WorkshopDetail>;

export const STAGE_HINTS = z.object({
  stage: z.int(),
  unlocked: z.array(z.string()).readonly(),
  total: z.int(),
}).openapi("StageHints") satisfies z.ZodType<StageHints>;

export const SUBMISSION_VIEW = z.object({
  id: z.uuid(),
  workshop: z.string(),
  state: z.enum(["queued", "running", "finished", "canceled"]),
  verdict: z.enum(RUN_VERDICTS).optional(),
  queue: z.object({ position: z.int(), etaMs: z.int() }).optional(),
  attempt: z.int(),
  receivedAt: TIME,
  finishedAt: TIME.optional(),
  checks: z.array(
    z.object({ id: z.string(), status: z.enum(CHECK_STATUSES) }),
  ).readonly(),
}).openapi("SubmissionView") satisfies z.ZodType<SubmissionView>;

export const SUBMISSION_DETAIL = SUBMISSION_VIEW.extend({
  files: z.record(z.string(), z.string()),
  report: z.custom<Report>().openapi({ type: "object" }).optional(),
}).openapi("SubmissionDetail") satisfies z.ZodType<SubmissionDetail>;

export const SUBMISSION_LIST = z.object({
  submissions: z.array(SUBMISSION_VIEW).readonly(),
  cursor: z.string().optional(),
}).openapi("SubmissionList") satisfies z.ZodType<SubmissionList>;

export const SESSION_VIEW = z.object({
  mode: z.enum(["solo", "class"]),
  person: z.object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(["owner", "instructor", "learner"]),
  }),
}).openapi("SessionView") satisfies z.ZodType<SessionView>;

export const HEALTH_VIEW = z.object({
  status: z.enum(["ok", "degraded"]),
  kitVersion: z.string(),
  queued: z.int(),
  running: z.int(),
  workers: z.int(),
}).openapi("HealthView") satisfies z.ZodType<HealthView>;
