import type { Workshop } from "@contract/manifest.ts";
import type { Report, StageReport } from "@contract/report.ts";
import type { SubmissionFiles } from "@contract/submission.ts";
import type { MyFolder } from "./folders.ts";
import { changeProgress, type Progress, stageId } from "./progress_file.ts";
import { takeSnapshot } from "./snapshots.ts";

/** Keeps what a verdict said and the files that it was about. A canceled run is no verdict. */
export async function recordRun(
  my: MyFolder,
  { workshop, files, report }: {
    readonly workshop: Workshop;
    readonly files: SubmissionFiles;
    readonly report: Report;
  },
): Promise<Progress | undefined> {
  if (report.verdict === "canceled") return undefined;
  const reason = outcomeOf(workshop, report);
  await takeSnapshot(my, { slug: workshop.slug, files, reason });
  const { progress } = await changeProgress(
    my,
    (before) => withReport(before, workshop, report),
  );
  return progress;
}

/** What the files were worth, as part of a folder's name: "passed-4-of-8", "failed-at-02.4", "load_error". */
function outcomeOf({ number, stages }: Workshop, report: Report): string {
  const { verdict } = report;
  if (verdict === "load_error") return verdict; // It is about no stage.
  if (verdict === "passed") {
    const passed = report.stages.filter(({ status }) => status === "passed");
    return `passed-${passed.length}-of-${stages.length}`;
  }
  const word = verdict === "partial" ? "failed" : verdict;
  const failed = report.stages.find(({ status }) => status === "failed");
  return failed === undefined ? word : `${word}-at-${number}.${failed.number}`;
}

function withReport(
  progress: Progress,
  workshop: Workshop,
  report: Report,
): Progress {
  const stages = { ...progress.stages };
  for (const stage of report.stages) {
    if (stage.status === "skipped" || stage.status === "inconclusive") continue;
    const id = stageId(workshop, manifestOf(workshop, stage));
    const before = stages[id] ?? { runs: 0 };
    const passedAt = stage.status === "passed"
      ? before.passedAt ?? report.finishedAt
      : before.passedAt;
    stages[id] = { ...before, passedAt, runs: before.runs + 1 };
  }
  return { ...progress, stages };
}

function manifestOf(workshop: Workshop, { number }: StageReport) {
  return workshop.stages.find((stage) => stage.number === number)!;
}
