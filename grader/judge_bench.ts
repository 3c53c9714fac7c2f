import { join } from "node:path";
import type { StageManifest } from "@contract/manifest.ts";
import type { GradeRequest } from "./grade_types.ts";
import { type Judge, startJudge } from "./judge_process.ts";

export type JudgeBenchOptions = Pick<
  GradeRequest,
  | "workshop"
  | "workshopDir"
  | "submissionDir"
  | "checks"
  | "seed"
  | "floor"
  | "stores"
>;

/**
 * Judges started ahead of their use. A judge needs 0.2 to 0.3 s to load its file; while it waits on the bench, a
 * save costs neither that nor its imports.
 */
export class JudgeBench implements AsyncDisposable {
  readonly #options: JudgeBenchOptions;
  readonly #waiting = new Map<number, Judge>();
  readonly #retiring = new Set<Promise<void>>();

  constructor(options: JudgeBenchOptions) {
    this.#options = options;
  }

  /** Starts the judge of a stage unless one waits already. */
  prepare(stage: StageManifest): void {
    if (this.#waiting.get(stage.number)?.isAlive) return;
    this.#waiting.set(stage.number, this.#start(stage));
  }

  /** The waiting judge of a stage, or a new one. Give it back with `retire`. */
  take(stage: StageManifest): Judge {
    const judge = this.#waiting.get(stage.number);
    this.#waiting.delete(stage.number);
    return judge?.isAlive ? judge : this.#start(stage);
  }

  /** Ends a judge in the background; `settle` waits for it. */
  retire(judge: Judge): void {
    const retiring: Promise<void> = Promise.resolve(
      judge[Symbol.asyncDispose](),
    )
      .finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  /** Resolves once every waiting judge has loaded its file, or failed to. */
  async ready(): Promise<void> {
    const plans = [...this.#waiting.values()].map(({ plan }) => plan);
    await Promise.allSettled(plans);
  }

  /** Resolves once every retired judge is gone. */
  async settle(): Promise<void> {
    await Promise.all(this.#retiring);
  }

  /** Ends the waiting judges too: they may have loaded files that have changed since. */
  async clear(): Promise<void> {
    for (const judge of this.#waiting.values()) this.retire(judge);
    this.#waiting.clear();
    await this.settle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clear();
  }

  #start({ number, slug }: StageManifest): Judge {
    const { workshop, workshopDir, submissionDir, checks, seed, ...places } =
      this.#options;
    const { floor, stores } = places;
    return startJudge({
      testFile: join(workshopDir, "tests", `${number}_${slug}_test.ts`),
      assignment: {
        workshopSlug: workshop.slug,
        submissionDir,
        checks,
        seed,
        floor,
        stores,
      },
    });
  }
}
