import type { Report } from "@contract/report.ts";
import type { SubmissionFiles } from "@contract/submission.ts";
import { grade } from "../../grader/grade.ts";
import type { GradeRequest } from "../../grader/grade_types.ts";
import type { StoresAddress } from "../../grader/stores/mod.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { writeFiles } from "../my/files.ts";
import { readStub } from "../my/stub.ts";
import { newSeed } from "../seed.ts";
import { readAlternatives, readReference } from "../solutions.ts";
import { startTypeCheck } from "../type_errors.ts";
import type { Case } from "./case.ts";
import {
  mutantProblem,
  passProblem,
  siblingsOf,
  slowStages,
  stubProblem,
  undecidedIn,
} from "./expectations.ts";
import { applyMutant, type Mutant, readMutants } from "./mutants.ts";
import { structureProblems } from "./structure.ts";

/** With burners on both cores a run takes several times its usual time. */
const WALL_MS_MAX = 600_000;

/** Enough to see what is wrong; the other seeds would say the same. */
const PROBLEMS_MAX = 2;

export interface CasesOptions {
  readonly solutionDir: string;
  readonly stores: StoresAddress;
  /** Runs of each solution, every one with a seed of its own. Default 20 for right ones and 10 for mutants. */
  readonly seeds?: number;
  /** Runs all checks up to a mutant's stage with every seed, not only with the first; `isBrief`: with none. */
  readonly isThorough?: boolean;
  readonly isBrief?: boolean;
}

/** Everything that a workshop promises, as cases to run. */
export async function casesOf(
  found: FoundWorkshop,
  options: CasesOptions,
): Promise<Case[]> {
  const { workshop } = found;
  const { solutionDir } = options;
  const stub = await readStub(found);
  const reference = await readReference(solutionDir);
  const mutants = await readMutants(solutionDir).catch(() => []); // Said by the structure.
  const alternatives = await readAlternatives(solutionDir);
  const runs = new Runs(found, options);
  return [
    {
      kind: "structure" as const,
      name: "folders",
      run: async () => ({
        runs: 1,
        problems: await structureProblems(found, solutionDir),
        notes: [],
      }),
    },
    ...workshop.stages.map(({ number, title }) => ({
      kind: "stub" as const,
      name: `stage ${number} ${title}`,
      run: (signal: AbortSignal) => runs.stub(stub, number, signal),
    })),
    {
      kind: "reference" as const,
      name: "reference",
      run: (signal: AbortSignal) => runs.passing(reference, signal),
    },
    ...mutants.map((mutant) => ({
      kind: "mutant" as const,
      name: `${mutant.check} ${mutant.name}`,
      run: (signal: AbortSignal) => runs.mutant(mutant, reference, signal),
    })),
    ...alternatives.map(({ name, files }) => ({
      kind: "alternative" as const,
      name,
      run: (signal: AbortSignal) => runs.passing(files, signal),
    })),
  ].map((part) => ({ workshop: workshop.slug, ...part }));
}

type Outcome = Awaited<ReturnType<Case["run"]>>;

class Runs {
  readonly #found: FoundWorkshop;
  readonly #options: CasesOptions;

  constructor(found: FoundWorkshop, options: CasesOptions) {
    this.#found = found;
    this.#options = options;
  }

  /** One stage on the stub: it fails by an assertion or a 501, and no check of it passes. */
  async stub(
    files: SubmissionFiles,
    stage: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    await using folder = await temporaryFolder(files);
    const report = await this.#grade(folder.dir, { stages: [stage], signal });
    const problem = stubProblem(report);
    return { runs: 1, problems: withSeed(problem, report), notes: [] };
  }

  /** A right solution: it passes with every seed, and its types are right too. */
  async passing(files: SubmissionFiles, signal: AbortSignal): Promise<Outcome> {
    await using folder = await temporaryFolder(files);
    using types = startTypeCheck(folder.dir, { givesWay: false, signal });
    const errors = await types.errors;
    const problems = errors === undefined ? [] : [errors];
    const reports: Report[] = [];
    const { seeds: runs = 20 } = this.#options;
    while (reports.length < runs && problems.length < PROBLEMS_MAX) {
      const report = await this.#grade(folder.dir, { signal });
      problems.push(...withSeed(passProblem(report), report));
      reports.push(report);
    }
    const undecided = new Set(reports.flatMap(undecidedIn));
    const notes = [...listed("could not decide", undecided)];
    if (problems.length === 0) notes.push(...slowStages(reports));
    return { runs, problems, notes };
  }

  /** A wrong solution: the check that it names fails with every seed, and none of an earlier stage does. */
  async mutant(
    mutant: Mutant,
    reference: SubmissionFiles,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { stages } = this.#found.workshop;
    const stage = stages.find(({ checks }) => checks.includes(mutant.check));
    if (stage === undefined) {
      return { runs: 0, problems: [`No check ${mutant.check}`], notes: [] };
    }
    await using folder = await temporaryFolder(applyMutant(mutant, reference));
    const upTo = stages.map(({ number }) => number)
      .filter((number) => number <= stage.number);
    const { isThorough = false, isBrief = false } = this.#options;
    const problems: string[] = [];
    const siblings = new Set<string>();
    const { seeds: runs = 10 } = this.#options;
    for (let run = 0; run < runs && problems.length < PROBLEMS_MAX; run++) {
      const isWhole = isThorough || (run === 0 && !isBrief);
      const report = await this.#grade(folder.dir, {
        ...isWhole
          ? { stages: upTo }
          : { stages: [stage.number], checks: [mutant.check] },
        signal,
      });
      problems.push(...withSeed(mutantProblem(report, mutant), report));
      for (const id of siblingsOf(report, mutant)) siblings.add(id);
    }
    return { runs, problems, notes: listed("also", siblings) };
  }

  #grade(
    submissionDir: string,
    rest: Pick<GradeRequest, "stages" | "checks" | "signal">,
  ): Promise<Report> {
    return grade({
      workshop: this.#found.workshop,
      workshopDir: this.#found.dir,
      submissionDir,
      seed: newSeed(),
      floor: "local",
      stores: this.#options.stores,
      wallMsMax: WALL_MS_MAX,
      ...rest,
    });
  }
}

function listed(word: string, ids: ReadonlySet<string>): string[] {
  return ids.size === 0 ? [] : [`${word} ${[...ids].join(" ")}`];
}

function withSeed(problem: string | undefined, { seed }: Report): string[] {
  return problem === undefined ? [] : [`${problem} (seed ${seed})`];
}

/** A folder that the sandbox can read; not in memory-backed /dev, which Deno's permissions never open. */
async function temporaryFolder(
  files: SubmissionFiles,
): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-check-" });
  await writeFiles(dir, files);
  return {
    dir,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
