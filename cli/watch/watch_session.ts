import type { Report } from "@contract/report.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import { hint } from "../hint.ts";
import { copyDir, type MyFolder } from "../my/folders.ts";
import { type Progress, readProgress } from "../my/progress_file.ts";
import { placeToOpen } from "../my/place_to_open.ts";
import { nextSteps } from "../next_steps.ts";
import type { Practice } from "../practice.ts";
import { orderText } from "../stage_order.ts";
import { isInteractive, paint } from "../terminal/paint.ts";
import { reportText } from "../terminal/report_view.ts";
import type { RunView } from "../terminal/run_view.ts";
import { checkMark } from "../terminal/statuses.ts";
import { startTypeCheck } from "../type_errors.ts";
import { exitCodeOf } from "../verdict_exit.ts";
import { keysText, type WatchAction } from "./watch_actions.ts";

export interface WatchSessionOptions {
  readonly found: FoundWorkshop;
  readonly my: MyFolder;
  readonly practice: Practice;
  readonly view: RunView;
  /** The stage to begin with. */
  readonly stage: number;
  readonly isFull: boolean;
  readonly watchMode: "events" | "polling";
}

/** One sitting of a learner: which stage they are at, and what the last run said. */
export class WatchSession {
  exitCode: ExitCode = EXIT.passed;
  readonly #options: WatchSessionOptions;
  #stage: number;
  #last: { report: Report; progress: Progress } | undefined;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
    this.#stage = options.stage;
  }

  /** Does what a save or a key asks for; `signal` ends it early. */
  async act(
    action: Exclude<WatchAction, "quit">,
    signal: AbortSignal,
  ): Promise<void> {
    const { found, practice } = this.#options;
    const stages = found.workshop.stages;
    switch (action) {
      case "run":
        return await this.#run(this.#order(), signal);
      case "fresh":
        await practice.forget();
        return await this.#run(this.#order(), signal);
      case "all":
        return await this.#run(stages.map(({ number }) => number), signal);
      case "next":
        this.#stage = Math.min(this.#stage + 1, stages.length);
        return await this.#run(this.#order(), signal);
      case "hint":
        return await this.#hint();
      case "full":
        return await this.#show({ isFull: true });
    }
  }

  /** The current stage first, then the earlier ones. */
  #order(): number[] {
    const { stages } = this.#options.found.workshop;
    const numbers = stages.map(({ number }) => number);
    return [this.#stage, ...numbers.filter((number) => number < this.#stage)];
  }

  async #run(stages: readonly number[], signal: AbortSignal): Promise<void> {
    const { my, practice, view } = this.#options;
    clear();
    await this.#header();
    const order = orderText(stages);
    if (order !== undefined) console.log(paint("gray", order));
    view.wait("Loading the checks");
    const { onEvent } = view;
    const run = await practice.run({ stages, signal, onEvent })
      .catch(usageError);
    if (run instanceof UsageError) {
      view.say(run.message);
      return this.#prompt();
    }
    const { report, progress } = run;
    if (report.verdict === "canceled") return;
    this.exitCode = exitCodeOf(report);
    this.#last = {
      report,
      progress: progress ?? (await readProgress(my)).progress,
    };
    await this.#show();
    practice.prepare(this.#stage);
    await this.#types(signal);
  }

  /** First failure first, summary last, then what can be done. */
  async #show({ isFull = this.#options.isFull } = {}): Promise<void> {
    if (this.#last === undefined) return;
    const { report, progress } = this.#last;
    const { workshop } = this.#options.found;
    clear();
    await this.#header({ isLoaded: report.verdict !== "load_error" });
    console.log(stageLines(report));
    const next = nextSteps(workshop, report, progress, { isWatching: true });
    console.log(reportText(report, { isFull, next }));
    this.#prompt();
  }

  async #hint(): Promise<void> {
    const { found: { workshop }, my } = this.#options;
    console.log();
    await hint({ name: workshop.slug, stage: this.#stage, my: my.dir });
    this.#prompt();
  }

  async #types(signal: AbortSignal): Promise<void> {
    const { my, found } = this.#options;
    using types = startTypeCheck(copyDir(my, found.workshop.slug));
    signal.addEventListener("abort", () => types[Symbol.dispose]());
    const errors = await types.errors;
    if (errors === undefined) return;
    console.log(
      `\n${paint("yellow", "Types, beside the verdict:")}\n${errors}`,
    );
    this.#prompt();
  }

  async #header({ isLoaded = true } = {}): Promise<void> {
    const { found: { workshop }, my } = this.#options;
    const stage = `stage ${this.#stage} of ${workshop.stages.length}`;
    const title = `${workshop.number} ${workshop.title}`;
    console.log(`${paint("bold", title)} · ${stage}`);
    // Of code that does not load, the summary names the line.
    if (isLoaded) console.log(await placeToOpen(my, workshop.slug));
  }

  #prompt(): void {
    const how = this.#options.watchMode === "events"
      ? "watching for saves"
      : "looking for saves four times a second";
    console.log(paint("gray", `\n${keysText()}\n(${how})`));
  }
}

/** Whoever watches mends what was wrong and goes on. */
function usageError(error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  throw error;
}

/** One line a stage: its checks as marks. */
function stageLines({ stages }: Report): string {
  return stages.map(({ number, title, checks }) => {
    const marks = checks.map(({ status }) => checkMark(status)).join("");
    return `${number} ${title}  ${marks}`;
  }).join("\n");
}

/** Old output must not be mistaken for new. Elsewhere than on a terminal it stays. */
function clear(): void {
  if (isInteractive) console.log("\x1b[2J\x1b[3J\x1b[H");
}
