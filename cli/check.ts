import { buildHostBundle } from "../grader/sandbox/mod.ts";
import { startStores } from "../grader/stores/mod.ts";
import { findWorkshop, findWorkshops } from "../grader/workshops.ts";
import { startBurners } from "./check/burners.ts";
import type { Case, CaseResult } from "./check/case.ts";
import { casesOf } from "./check/cases.ts";
import { runCases } from "./check/run_cases.ts";
import { caseLine, caseTable } from "./check/table.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { solutionDir } from "./my/folders.ts";
import { onInterrupt } from "./signals.ts";

export interface CheckOptions {
  /** Workshops by number or name; all when empty. */
  readonly names: readonly string[];
  /** Runs of each solution. Default 20 for right ones and 10 for mutants. */
  readonly seeds?: number;
  /** Kinds or parts of names; a case that matches one of them is run. */
  readonly only?: readonly string[];
  /** Workers that keep cores busy meanwhile. Default 0. */
  readonly burners?: number;
  /** All checks up to a mutant's stage with every seed, not only with its first; `isBrief`: its own check alone. */
  readonly isThorough?: boolean;
  readonly isBrief?: boolean;
  /** One mutant for each check: what every change can afford. */
  readonly isSample?: boolean;
  /** Cases at a time. Default 2. */
  readonly jobs?: number;
  readonly isJson?: boolean;
}

/**
 * `deno task check [n…]`, for authors: folders are complete, the stub fails each stage for the right reason, right
 * solutions pass, and each mutant is failed by the one check that it names.
 */
export async function check(options: CheckOptions): Promise<ExitCode> {
  using interrupt = onInterrupt();
  const say = options.isJson ? console.error : console.log;
  const results = await checkWorkshops(options, {
    signal: interrupt.signal,
    onResult: (result) => say(caseLine(result)),
  });
  if (interrupt.signal.aborted) return EXIT.interrupted;
  say(`${caseTable(results)}\n${countLine(results)}`);
  if (options.isJson) console.log(JSON.stringify(results, null, 2));
  return results.every(({ problems }) => problems.length === 0)
    ? EXIT.passed
    : EXIT.failed;
}

/** Runs the cases and gives their results. */
export async function checkWorkshops(
  options: CheckOptions,
  { signal, onResult }: {
    readonly signal: AbortSignal;
    readonly onResult: (result: CaseResult) => void;
  },
): Promise<CaseResult[]> {
  const { names, jobs = 2, burners = 0 } = options;
  const workshops = names.length === 0
    ? await findWorkshops()
    : await Promise.all(names.map((name) => findWorkshop(name)));
  const onProgress = (message: string) => console.error(message);
  buildHostBundle({ onProgress });
  await using stores = await startStores({ onProgress, signal });
  const cases: Case[] = [];
  for (const found of workshops) {
    const all = await casesOf(found, {
      solutionDir: solutionDir(found.workshop.slug),
      stores: stores.address,
      seeds: options.seeds,
      isThorough: options.isThorough,
      isBrief: options.isBrief,
    });
    const wanted = all.filter((one) => isWanted(one, options.only));
    cases.push(...options.isSample ? sampleOf(wanted) : wanted);
  }
  if (cases.length === 0) {
    throw new UsageError(`No case matches --only ${options.only?.join(" ")}`);
  }
  using _burning = startBurners(burners);
  return await runCases(cases, { jobs, signal, onResult });
}

/** A mutant's case is named after its check and itself. */
function sampleOf(cases: readonly Case[]): Case[] {
  const checks = new Set<string>();
  return cases.filter(({ kind, name }) => {
    if (kind !== "mutant") return true;
    const check = name.split(" ")[0]!;
    const isFirst = !checks.has(check);
    checks.add(check);
    return isFirst;
  });
}

function isWanted(
  { kind, name }: Case,
  only: readonly string[] | undefined,
): boolean {
  return only === undefined ||
    only.some((word) => kind === word || name.includes(word));
}

function countLine(results: readonly CaseResult[]): string {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  return `${results.length - failed} passed, ${failed} failed`;
}
