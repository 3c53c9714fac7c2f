/**
 * How each status is told: by a word and a shape, and only then by a colour. One entry per status, so that a
 * new one does not compile until somebody has drawn it.
 *
 * @module
 */
import type { StageProgress, SubmissionView } from "@contract/api.ts";
import type { RunVerdict } from "@contract/verdict.ts";
import type { CheckView, StageView } from "../models/run_view.ts";

export type Tone = "pass" | "fail" | "wait" | "calm";
export type Shape =
  | "check"
  | "cross"
  | "alert"
  | "clock"
  | "dash"
  | "question"
  | "hidden"
  | "turning"
  | "dot"
  | "half";

export interface StatusLook {
  readonly word: string;
  readonly shape: Shape;
  readonly tone: Tone;
}

export const CHECK_LOOKS: Readonly<Record<CheckView["status"], StatusLook>> = {
  pass: { word: "passed", shape: "check", tone: "pass" },
  fail: { word: "failed", shape: "cross", tone: "fail" },
  error: { word: "broke down", shape: "alert", tone: "fail" },
  timeout: { word: "took too long", shape: "clock", tone: "fail" },
  skipped: { word: "not run yet", shape: "dash", tone: "calm" },
  withheld: { word: "result withheld", shape: "hidden", tone: "calm" },
  inconclusive: { word: "inconclusive", shape: "question", tone: "wait" },
  running: { word: "running", shape: "turning", tone: "wait" },
};

export const STAGE_LOOKS: Readonly<Record<StageView["status"], StatusLook>> = {
  passed: { word: "passed", shape: "check", tone: "pass" },
  failed: { word: "failed", shape: "cross", tone: "fail" },
  skipped: { word: "not run yet", shape: "dash", tone: "calm" },
  inconclusive: { word: "inconclusive", shape: "question", tone: "wait" },
  running: { word: "running", shape: "turning", tone: "wait" },
};

export const PROGRESS_LOOKS: Readonly<
  Record<StageProgress["status"], StatusLook>
> = {
  passed: { word: "passed", shape: "check", tone: "pass" },
  failing: { word: "failing", shape: "cross", tone: "fail" },
  open: { word: "open", shape: "dot", tone: "calm" },
};

export const VERDICT_LOOKS: Readonly<Record<RunVerdict, StatusLook>> = {
  passed: { word: "Passed", shape: "check", tone: "pass" },
  partial: { word: "Partly passed", shape: "half", tone: "fail" },
  failed: { word: "Failed", shape: "cross", tone: "fail" },
  timeout: { word: "Took too long", shape: "clock", tone: "fail" },
  crashed: { word: "Crashed", shape: "alert", tone: "fail" },
  output_limit: { word: "Printed too much", shape: "alert", tone: "fail" },
  memory: { word: "Out of memory", shape: "alert", tone: "fail" },
  forbidden: { word: "Reached outside", shape: "alert", tone: "fail" },
  load_error: { word: "Did not load", shape: "alert", tone: "fail" },
  rejected: { word: "Rejected", shape: "alert", tone: "fail" },
  canceled: { word: "Canceled", shape: "dash", tone: "calm" },
  infra_error: { word: "Our fault", shape: "question", tone: "wait" },
};

export const STATE_LOOKS: Readonly<
  Record<SubmissionView["state"], StatusLook>
> = {
  queued: { word: "Queued", shape: "clock", tone: "wait" },
  running: { word: "Running", shape: "turning", tone: "wait" },
  finished: { word: "Finished", shape: "dot", tone: "calm" },
  canceled: { word: "Canceled", shape: "dash", tone: "calm" },
};
