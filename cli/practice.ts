import type { RunEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";
import { grade } from "../grader/grade.ts";
import { JudgeBench } from "../grader/judge_bench.ts";
import { buildHostBundle } from "../grader/sandbox/mod.ts";
import { startStores } from "../grader/stores/mod.ts";
import type { FoundWorkshop } from "../grader/workshops.ts";
import { UsageError } from "./exit_codes.ts";
import { readFiles } from "./my/files.ts";
import { copyDir, type MyFolder } from "./my/folders.ts";
import type { Progress } from "./my/progress_file.ts";
import { recordRun } from "./my/record_run.ts";

/** As long as the grader gives a submission. */
const WALL_MS_MAX = 180_000;

export interface PracticeOptions {
  readonly found: FoundWorkshop;
  readonly my: MyFolder;
  readonly seed: string;
  /** Told what is under way while the stores start. */
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  readonly stages: readonly number[];
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** Stores and judges of one learner at one workshop, kept from run to run. */
export interface Practice extends AsyncDisposable {
  /** Runs stages on the files as they are now, and records the verdict. Throws a UsageError if there are none. */
  run(options: RunOptions): Promise<PracticeRun>;
  /** Lets the judge of a stage load ahead of the next run. */
  prepare(stage: number): void;
  /** The same, and resolves once it has loaded. */
  ready(stage: number): Promise<void>;
  /** Forgets waiting judges, so that the next run loads the checks anew. */
  forget(): Promise<void>;
}

export interface PracticeRun {
  readonly report: Report;
  /** Undefined when the run was canceled. */
  readonly progress: Progress | undefined;
}

/** Starts the stores on the local floor: the learner's own code on their own machine. */
export async function openPractice(
  { found, my, seed, onProgress, signal }: PracticeOptions,
): Promise<Practice> {
  const { workshop, dir } = found;
  // Before the first judge, which sees so little of our environment that it may not get the bundler.
  buildHostBundle({ onProgress });
  const stores = await startStores({ onProgress, signal });
  const base = {
    workshop,
    workshopDir: dir,
    submissionDir: copyDir(my, workshop.slug),
    seed,
    floor: "local" as const,
    stores: stores.address,
    wallMsMax: WALL_MS_MAX,
  };
  const bench = new JudgeBench(base);
  const prepare = (number: number) => {
    const stage = workshop.stages.find((stage) => stage.number === number);
    if (stage !== undefined) bench.prepare(stage);
  };
  return {
    run: async (options) => {
      const files = await readFiles(base.submissionDir);
      if (Object.keys(files).length === 0) throw nothingToRun(found, base);
      const report = await grade({ ...base, ...options }, bench);
      const progress = await recordRun(my, { workshop, files, report });
      return { report, progress };
    },
    prepare,
    ready: (number) => {
      prepare(number);
      return bench.ready();
    },
    forget: () => bench.clear(),
    [Symbol.asyncDispose]: async () => {
      await bench.clear();
      await stores[Symbol.asyncDispose]();
    },
  };
}

function nothingToRun(
  { workshop: { number } }: FoundWorkshop,
  { submissionDir }: { readonly submissionDir: string },
): UsageError {
  return new UsageError(
    `There is no code in ${submissionDir}. Put it back, or take a version that was kept: ` +
      `deno task restore ${Number(number)}`,
  );
}
