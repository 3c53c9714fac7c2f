import type { Case, CaseResult } from "./case.ts";

export interface RunCasesOptions {
  /** How many at a time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onResult: (result: CaseResult) => void;
}

/** Runs cases, several at a time, and gives their results in the order of the cases. */
export async function runCases(
  cases: readonly Case[],
  { jobs, signal, onResult }: RunCasesOptions,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let next = 0;
  const work = async () => {
    while (next < cases.length && !signal.aborted) {
      const index = next++;
      const result = await runCase(cases[index]!, signal);
      results[index] = result;
      if (!signal.aborted) onResult(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

async function runCase(
  { run, ...rest }: Case,
  signal: AbortSignal,
): Promise<CaseResult> {
  const startedMs = performance.now();
  const outcome = await run(signal).catch((error) => ({
    runs: 0,
    problems: [String(error)],
    notes: [],
  }));
  return { ...rest, ...outcome, wallMs: performance.now() - startedMs };
}
