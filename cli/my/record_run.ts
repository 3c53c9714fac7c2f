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
  const reason = report.verdict;
  await takeSnapshot(my, { slug: workshop.slug, files, reason });
  const { progress } = await changeProgress(
    my,
    (before) => withReport(before, workshop, report),
  );
  return progress;
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
