/**
 * Submission in, report out.
 *
 * @module
 */
import type { StageManifest } from "@contract/manifest.ts";
import { type Report, REPORT_VERSION } from "@contract/report.ts";
import type { RunVerdict } from "@contract/verdict.ts";
import type { GradeRequest } from "./grade_types.ts";
import { JudgeBench } from "./judge_bench.ts";
import { KIT_VERSION } from "@contract/kit_version.ts";
import { runStage, type StageOutcome } from "./run_stage.ts";
import { shortenReport } from "./shorten_report.ts";
import { suiteHash } from "./suite_hash.ts";
import { summaryOf } from "./summary_of.ts";
import { verdictOfRun } from "./verdict_of.ts";

/** Real time of a run: six times what a reference may take, since a busy machine must not fail anybody. */
const WALL_MS_MAX = 180_000;

/**
 * Runs the checks of a workshop on a submission, stage after stage, and stops at the first that fails. Each stage
 * has a judge process of its own. Never rejects for what the learner's code does; a report that says `infra_error`
 * names our own fault. Every process that it started is gone when it resolves; `run_finished` comes before that.
 * A caller that runs again and again (watch mode) passes `judges` of its own, with the request's seed, and disposes
 * them itself.
 */
export async function grade(
  request: GradeRequest,
  judges?: JudgeBench,
): Promise<Report> {
  const startedAt = Date.now();
  const bench = judges ?? new JudgeBench(request);
  const { signal, release } = endOf(request);
  try {
    const hash = suiteHash(request.workshopDir);
    const outcomes = await runStages(request, bench, signal);
    const report = shortenReport(
      reportOf(request, {
        outcomes,
        ended: signal.reason,
        startedAt,
        suiteHash: await hash,
      }),
    );
    request.onEvent?.({ kind: "run_finished", report });
    return report;
  } finally {
    release();
    // A caller that keeps judges may go on at once; disposing its bench waits for those that are still ending.
    if (judges === undefined) await bench.clear();
  }
}

async function runStages(
  request: GradeRequest,
  bench: JudgeBench,
  signal: AbortSignal,
): Promise<StageOutcome[]> {
  const stages = chosenStages(request);
  const onEvent = request.onEvent ?? (() => {});
  onEvent({
    kind: "run_started",
    seed: request.seed,
    stages: stages.map(({ number }) => number),
  });
  const outcomes: StageOutcome[] = [];
  for (const [index, manifest] of stages.entries()) {
    const last = outcomes.at(-1);
    if (last !== undefined && (signal.aborted || isTheEnd(last, request))) {
      outcomes.push(...stages.slice(index).map(skipped));
      break;
    }
    const judge = bench.take(manifest);
    const next = stages[index + 1];
    const onGo = () => next && bench.prepare(next);
    outcomes.push(await runStage(manifest, { judge, onEvent, onGo, signal }));
    bench.retire(judge);
  }
  return outcomes;
}

function chosenStages({ workshop, stages }: GradeRequest): StageManifest[] {
  if (stages === undefined) return [...workshop.stages];
  return stages.map((number) => {
    const stage = workshop.stages.find((stage) => stage.number === number);
    if (stage !== undefined) return stage;
    throw new RangeError(
      `${workshop.slug} has the stages 1 to ${workshop.stages.length}, not ${number}`,
    );
  });
}

function isTheEnd(
  { stage, stop }: StageOutcome,
  { stopAtFailure = true }: GradeRequest,
): boolean {
  return stop !== undefined || (stopAtFailure && stage.status === "failed");
}

function skipped(
  { number, title, kinds, checks }: StageManifest,
): StageOutcome {
  return {
    stage: {
      number,
      title,
      status: "skipped",
      wallMs: 0,
      checks: checks.map((id) => ({
        id,
        title: id,
        kind: kinds[0]!,
        status: "skipped",
        wallMs: 0,
        attempts: 0,
      })),
    },
    verdicts: [],
    output: "",
    cpuMs: 0,
    peakMemoryBytes: 0,
  };
}

/** Aborts when the caller does or when the time is up; the reason is the verdict that this means. */
function endOf({ signal, wallMsMax = WALL_MS_MAX }: GradeRequest) {
  const end = new AbortController();
  const cancel = () => end.abort("canceled" satisfies RunVerdict);
  const expire = () => end.abort("timeout" satisfies RunVerdict);
  const timer = setTimeout(expire, wallMsMax);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  };
  return { signal: end.signal, release };
}

interface RunResult {
  readonly outcomes: readonly StageOutcome[];
  /** Set when the run was ended from outside. */
  readonly ended: RunVerdict | undefined;
  readonly startedAt: number;
  readonly suiteHash: string;
}

function reportOf(request: GradeRequest, result: RunResult): Report {
  const { outcomes, ended, startedAt } = result;
  const stages = outcomes.map(({ stage }) => stage);
  const found = outcomes.flatMap(({ verdicts }) => verdicts);
  const verdict = verdictOfRun(ended ? [...found, ended] : found, stages);
  const finishedAt = Date.now();
  return {
    version: REPORT_VERSION,
    workshop: request.workshop.slug,
    verdict,
    summary: summaryOf(
      verdict,
      stages,
      outcomes.find(({ stop }) => stop)?.stop,
    ),
    seed: request.seed,
    floor: request.floor,
    kitVersion: KIT_VERSION,
    suiteHash: result.suiteHash,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    wallMs: finishedAt - startedAt,
    cpuMs: Math.round(outcomes.reduce((sum, { cpuMs }) => sum + cpuMs, 0)),
    peakMemoryBytes: Math.max(
      0,
      ...outcomes.map(({ peakMemoryBytes }) => peakMemoryBytes),
    ),
    stages,
    output: outcomes.map(({ output }) => output).join(""),
    isOutputTruncated: false,
  };
}
