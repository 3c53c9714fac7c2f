/** A run as the page draws it, whether it goes on right now or is long over. */
import type { CheckReport, Report, StageReport } from "@contract/report.ts";
import type { SubmissionEvent } from "@contract/events.ts";
import type { CheckStatus } from "@contract/verdict.ts";

export interface RunView {
  readonly phase: RunPhase;
  readonly queue?: { readonly position: number; readonly etaMs: number };
  /** Above 1 when a worker was lost and another took over. */
  readonly attempt: number;
  readonly canceled?: "superseded" | "by_learner";
  readonly stages: readonly StageView[];
  readonly report?: Report;
}

export type RunPhase = "queued" | "running" | "finished" | "canceled";

export interface StageView {
  readonly number: number;
  readonly title: string;
  readonly status: "running" | StageReport["status"];
  readonly checks: readonly CheckView[];
}

export interface CheckView {
  readonly id: string;
  readonly title: string;
  readonly status: "running" | CheckStatus;
  readonly report?: CheckReport;
}

export const NEW_RUN: RunView = { phase: "queued", attempt: 1, stages: [] };

/** The run after `event`. */
export function advanceRun(run: RunView, event: SubmissionEvent): RunView {
  switch (event.kind) {
    case "queued": {
      const { position, etaMs } = event;
      // The beginning of a stream that was opened anew tells the past.
      if (run.phase !== "queued") return run;
      return { ...run, phase: "queued", queue: { position, etaMs } };
    }
    case "claimed":
      return { ...NEW_RUN, phase: "running", attempt: event.attempt };
    case "lease_lost":
      return { ...NEW_RUN, attempt: event.attempt + 1 };
    case "canceled":
      return { ...run, phase: "canceled", canceled: event.reason };
    case "run_started":
      return { ...run, phase: "running", queue: undefined, stages: [] };
    case "stage_started":
      return withStage(run, {
        number: event.stage,
        title: event.title,
        status: "running",
        checks: [],
      });
    case "check_started":
      return withCheck(run, event.stage, {
        id: event.id,
        title: event.title,
        status: "running",
      });
    case "check_finished":
      return withCheck(run, event.stage, checkView(event.check));
    case "stage_finished":
      return withStage(run, stageView(event.stage));
    case "run_finished":
      return runOfReport(event.report, run.attempt);
  }
}

/** A run that is over. */
export function runOfReport(report: Report, attempt = 1): RunView {
  return {
    phase: "finished",
    attempt,
    stages: report.stages.map(stageView),
    report,
  };
}

function stageView(stage: StageReport): StageView {
  const { number, title, status, checks } = stage;
  return { number, title, status, checks: checks.map(checkView) };
}

function checkView(report: CheckReport): CheckView {
  const { id, title, status } = report;
  return { id, title, status, report };
}

function withStage(run: RunView, stage: StageView): RunView {
  const others = run.stages.filter(({ number }) => number !== stage.number);
  const stages = [...others, stage].sort((a, b) => a.number - b.number);
  return { ...run, stages };
}

function withCheck(run: RunView, number: number, check: CheckView): RunView {
  const stage = run.stages.find((stage) => stage.number === number);
  if (stage === undefined) return run;
  const isKnown = stage.checks.some(({ id }) => id === check.id);
  const checks = isKnown
    ? stage.checks.map((each) => each.id === check.id ? check : each)
    : [...stage.checks, check];
  return withStage(run, { ...stage, checks });
}
