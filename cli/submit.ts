import type { SubmissionView } from "@contract/api.ts";
import type { SubmissionEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";
import { submissionProblem } from "@contract/submission.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { readFiles } from "./my/files.ts";
import { copyDir, myFolder } from "./my/folders.ts";
import { readProgress } from "./my/progress_file.ts";
import { recordRun } from "./my/record_run.ts";
import { nextSteps } from "./next_steps.ts";
import { ServerClient } from "./server_client.ts";
import { onInterrupt } from "./signals.ts";
import { shownMs } from "./terminal/durations.ts";
import { reportText } from "./terminal/report_view.ts";
import {
  openRunView,
  type RunView,
  silentRunView,
} from "./terminal/run_view.ts";
import { exitCodeOf } from "./verdict_exit.ts";

export interface SubmitOptions {
  readonly name: string;
  readonly isJson?: boolean;
  readonly isFull?: boolean;
  readonly my?: string;
}

/** `deno task submit n`: sends the files to the grader and follows the run to its verdict. */
export async function submit(options: SubmitOptions): Promise<ExitCode> {
  const { workshop } = await findWorkshop(options.name);
  const my = myFolder(options.my);
  const files = await readFiles(copyDir(my, workshop.slug));
  const problem = submissionProblem(files);
  if (problem !== undefined) throw new UsageError(problem);
  using interrupt = onInterrupt();
  using view = options.isJson ? silentRunView() : openRunView();
  const client = new ServerClient(undefined, {
    onAway: () => view.say("The grader is away; waiting until it is back"),
  });
  const { signal } = interrupt;
  const key = crypto.randomUUID();
  const { id } = await client.submit(
    { workshop: workshop.slug, files },
    { key, signal },
  );
  for await (const event of client.follow(id, signal)) show(event, view);
  const { report, files: _files, ...submission } = await client.read(
    id,
    signal,
  );
  if (report === undefined) {
    console.error(`Submission ${id} was canceled before it had a verdict`);
    if (options.isJson) console.log(asJson(submission));
    return EXIT.wrong;
  }
  const progress = await recordRun(my, { workshop, files, report }) ??
    (await readProgress(my)).progress;
  const next = nextSteps(workshop, report, progress);
  console.log(
    options.isJson ? asJson(report) : reportText(report, {
      isFull: options.isFull,
      next,
    }),
  );
  return exitCodeOf(report);
}

function show(event: SubmissionEvent, view: RunView): void {
  switch (event.kind) {
    case "queued":
      return view.wait(waitingText(event));
    case "claimed":
      if (event.attempt > 1) view.say(`Try ${event.attempt}`);
      return view.wait("Grading");
    case "lease_lost":
      return view.say("The grader broke down; waiting for the next try");
    case "canceled":
      return view.wait("Canceled");
    default:
      return view.onEvent(event);
  }
}

/** Place 1 is the next one's. */
export function waitingText(
  { position, etaMs }: { readonly position: number; readonly etaMs: number },
): string {
  const ahead = position > 1 ? `: ${position - 1} ahead` : "";
  return `Waiting${ahead}, about ${shownMs(etaMs)}`;
}

function asJson(result: Report | SubmissionView): string {
  return JSON.stringify(result, null, 2);
}
