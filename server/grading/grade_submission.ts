import type { Report } from "@contract/report.ts";
import type { Log } from "../log.ts";
import { EventRecorder } from "./event_recorder.ts";
import type { GradeRun } from "./grade_run.ts";
import type { Lease, LeaseKeeper, StopReason } from "./lease_keeper.ts";
import { writeSubmissionFolder } from "./submission_folder.ts";
import type { Attempt, ClaimedRun, WorkerApi } from "./worker_api.ts";

export interface GraderOptions {
  readonly api: WorkerApi;
  readonly keeper: LeaseKeeper;
  readonly workerId: string;
  readonly grade: GradeRun;
  readonly runDir: string;
  readonly log: Log;
}

/** How a run went: with a report, stopped from outside, or broken on our side. */
type RunEnd =
  | { readonly status: "graded"; readonly report: Report }
  | { readonly status: "stopped"; readonly reason: StopReason }
  | {
    readonly status: "broken";
    readonly error: unknown;
    /** If the grader could still say what broke. */
    readonly report?: Report;
  };

/** Claims a run, grades it and records the result. A job whose run is no longer wanted ends without a word. */
export async function gradeSubmission(
  attempt: Attempt,
  options: GraderOptions,
): Promise<void> {
  const { api, keeper, workerId, log } = options;
  using lease = keeper.hold(attempt);
  const run = await api.claim(workerId, attempt);
  if (!run) return;
  lease.confirm();
  const startedAt = performance.now();
  const end = await gradeRun(run, { ...options, attempt, lease });
  await record(end, attempt, options);
  log("info", "run_ended", {
    ...attempt,
    workshop: run.workshop,
    outcome: describe(end),
    wallMs: Math.round(performance.now() - startedAt),
  });
}

async function gradeRun(
  { workshop, files, seed }: ClaimedRun,
  { api, grade, runDir, attempt, lease }: GraderOptions & {
    attempt: Attempt;
    lease: Lease;
  },
): Promise<RunEnd> {
  const recorder = new EventRecorder(api, attempt);
  try {
    await using folder = await writeSubmissionFolder(runDir, files);
    const report = await grade({
      workshop,
      submissionDir: folder.path,
      seed,
      signal: lease.signal,
      onEvent: (event) => recorder.record(event),
    });
    await recorder.settled();
    if (lease.signal.aborted) return stopped(lease);
    return report.verdict === "infra_error" && !isUndecided(report)
      ? { status: "broken", error: report.summary, report }
      : { status: "graded", report };
  } catch (error) {
    return lease.signal.aborted ? stopped(lease) : { status: "broken", error };
  }
}

/** Every check ran, and the judge repeated those that found nothing out: the grader works, another run is no better. */
function isUndecided({ stages }: Report): boolean {
  const checks = stages.flatMap(({ checks }) => checks);
  return checks.some(({ status }) => status === "inconclusive") &&
    checks.every(({ status }) =>
      status === "pass" || status === "inconclusive"
    );
}

function stopped({ signal }: Lease): RunEnd {
  return { status: "stopped", reason: signal.reason as StopReason };
}

async function record(
  end: RunEnd,
  attempt: Attempt,
  { api, log }: GraderOptions,
): Promise<void> {
  switch (end.status) {
    case "graded":
      if (!await api.finish(attempt, end.report)) {
        log("warning", "result_refused", { ...attempt });
      }
      return;
    case "broken":
      log("error", "grader_broke", { ...attempt, error: String(end.error) });
      await api.giveBack(attempt, { isFault: true, report: end.report });
      return;
    case "stopped":
      if (end.reason === "canceled") await api.confirmCancel(attempt);
      if (end.reason === "draining") {
        await api.giveBack(attempt, { isFault: false });
      }
  }
}

function describe(end: RunEnd): string {
  switch (end.status) {
    case "graded":
      return end.report.verdict;
    case "stopped":
      return end.reason;
    case "broken":
      return "infra_error";
  }
}
