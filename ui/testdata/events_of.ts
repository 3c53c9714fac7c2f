/** The events of a run, made from its report. */
import type { SubmissionEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";

/** What the grader would have said while it made `report`. */
export function* eventsOf(report: Report): Generator<SubmissionEvent> {
  yield { kind: "queued", position: 2, etaMs: 6000 };
  yield { kind: "queued", position: 1, etaMs: 3000 };
  yield { kind: "claimed", attempt: 1 };
  const stages = report.stages.map(({ number }) => number);
  yield { kind: "run_started", seed: report.seed, stages };
  for (const stage of report.stages) {
    const { number, title, checks } = stage;
    yield { kind: "stage_started", stage: number, title };
    for (const check of checks) {
      const { id, title } = check;
      yield { kind: "check_started", stage: number, id, title };
      yield { kind: "check_finished", stage: number, check };
    }
    yield { kind: "stage_finished", stage };
  }
  yield { kind: "run_finished", report };
}
