import type { RunEvent } from "@contract/events.ts";
import type { StageManifest } from "@contract/manifest.ts";
import type { CheckReport, StageReport } from "@contract/report.ts";
import type { CheckStatus, RunVerdict } from "@contract/verdict.ts";
import {
  type CheckMessage,
  type Judge,
  JudgeError,
  type PlannedCheck,
} from "./judge_process.ts";
import { planProblem } from "./plan_problem.ts";
import { verdictOfCheck } from "./verdict_of.ts";

/** All that one stage adds to the run. */
export interface StageOutcome {
  readonly stage: StageReport;
  readonly verdicts: readonly (RunVerdict | "inconclusive")[];
  /** Why the whole run ends here, as a sentence for people. */
  readonly stop?: string;
  readonly output: string;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

export interface RunStageOptions {
  readonly judge: Judge;
  readonly onEvent: (event: RunEvent) => void;
  /** Called when the checks begin: the moment to start the next stage's judge. */
  readonly onGo: () => void;
  readonly signal: AbortSignal;
}

/** Runs the checks of one stage. Never throws for what the judge or the learner's code does. */
export async function runStage(
  manifest: StageManifest,
  options: RunStageOptions,
): Promise<StageOutcome> {
  const stage = new StageRun(manifest, options);
  try {
    await stage.run();
  } catch (error) {
    if (!(error instanceof JudgeError)) throw error;
    if (options.signal.aborted) stage.interrupt();
    else stage.blameJudge(error.message);
  }
  return stage.outcome();
}

class StageRun {
  readonly #manifest: StageManifest;
  readonly #options: RunStageOptions;
  readonly #startedMs = performance.now();
  readonly #checks: CheckReport[] = [];
  readonly #verdicts: (RunVerdict | "inconclusive")[] = [];
  readonly #output: string[] = [];
  #planned: readonly PlannedCheck[] = [];
  #running: string | undefined;
  #interrupted: CheckStatus = "skipped";
  #stop: string | undefined;
  #cpuMs = 0;
  #peakMemoryBytes = 0;

  constructor(manifest: StageManifest, options: RunStageOptions) {
    this.#manifest = manifest;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { judge, onEvent, onGo, signal } = this.#options;
    const { number, title, checks } = this.#manifest;
    onEvent({ kind: "stage_started", stage: number, title });
    this.#planned = await abortable(judge.plan, signal);
    const problem = planProblem(checks, this.#planned.map(({ id }) => id));
    if (problem !== undefined) return this.blameJudge(problem);
    onGo();
    const messages = judge.run();
    while (this.#stop === undefined) {
      const { value, done } = await abortable(messages.next(), signal);
      if (done) break;
      this.#receive(value);
    }
  }

  blameJudge(reason: string): void {
    this.#interrupted = "error";
    this.#verdicts.push("infra_error");
    this.#stop = `The checks broke, not your code: ${reason}`;
  }

  /** The run is over, for a reason that is not this stage's judge: the check under way has found nothing out. */
  interrupt(): void {
    this.#interrupted = "inconclusive";
  }

  outcome(): StageOutcome {
    const { number, title, kinds, checks } = this.#manifest;
    const done = new Map(this.#checks.map((check) => [check.id, check]));
    const titles = new Map(this.#planned.map(({ id, title }) => [id, title]));
    const all = checks.map((id): CheckReport =>
      done.get(id) ?? {
        id,
        title: titles.get(id) ?? id,
        kind: kinds[0]!,
        status: id === this.#running ? this.#interrupted : "skipped",
        wallMs: 0,
        attempts: 0,
      }
    );
    const stage: StageReport = {
      number,
      title,
      status: stageStatus(all),
      checks: all,
      wallMs: Math.round(performance.now() - this.#startedMs),
    };
    this.#options.onEvent({ kind: "stage_finished", stage });
    return {
      stage,
      verdicts: this.#verdicts,
      stop: this.#stop,
      output: this.#output.join(""),
      cpuMs: this.#cpuMs,
      peakMemoryBytes: this.#peakMemoryBytes,
    };
  }

  #receive(message: CheckMessage): void {
    const stage = this.#manifest.number;
    if (message.kind === "check_started") {
      const { id, title } = message;
      this.#running = id;
      this.#options.onEvent({ kind: "check_started", stage, id, title });
      return;
    }
    const { check, exit, output } = message;
    this.#running = undefined;
    this.#checks.push(check);
    this.#verdicts.push(verdictOfCheck(message));
    this.#output.push(output);
    this.#cpuMs += message.cpuMs;
    this.#peakMemoryBytes = Math.max(
      this.#peakMemoryBytes,
      message.peakMemoryBytes,
    );
    this.#options.onEvent({ kind: "check_finished", stage, check });
    // Code that cannot start fails every check in the same way: say it once, instead of the checks.
    if (message.failedToLoad || exit === "load_error") {
      this.#stop = check.failure?.rule ?? "Your code could not be started";
    }
  }
}

function stageStatus(checks: readonly CheckReport[]): StageReport["status"] {
  const has = (...statuses: CheckReport["status"][]) =>
    checks.some(({ status }) => statuses.includes(status));
  if (has("fail", "error", "timeout")) return "failed";
  if (has("inconclusive")) return "inconclusive";
  return has("skipped") ? "skipped" : "passed";
}

/** The promise, or a JudgeError as soon as the run is ended from outside. */
async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new JudgeError("The run was ended"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
