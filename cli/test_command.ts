import { checkWorkshops } from "./check.ts";
import { caseLine } from "./check/table.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { onInterrupt } from "./signals.ts";
import { runTests } from "./suite/run_tests.ts";

/** One, since this runs for every change and proves some hundred cases; authors run `deno task check` with more. */
const SEEDS = 1;
/** One at a time: a neighbour would disturb what is measured as a ratio. */
const JOBS = 1;

/** `deno task test`: every test of every room, then the promises of every workshop; counts what really ran. */
export async function test(): Promise<ExitCode> {
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  const tests = await runTests({ signal });
  const cases = await checkWorkshops(
    { names: [], seeds: SEEDS, isBrief: true, isSample: true, jobs: JOBS },
    { signal, onResult: (result) => console.log(caseLine(result)) },
  );
  const broken = cases.filter(({ problems }) => problems.length > 0).length;
  const passed = tests.passed + cases.length - broken;
  const failed = tests.failed + broken;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? EXIT.passed : EXIT.failed;
}
