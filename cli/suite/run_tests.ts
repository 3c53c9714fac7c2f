import { join } from "node:path";
import { PROJECT_DIR } from "../../grader/workshops.ts";
import { countTests, type TestCounts } from "./count_tests.ts";

/** Rooms with tests of their own; a workshop's tests judge a submission and are run by `check`. */
export const ROOMS = ["contract", "grader", "cli", "server", "ui"];

/** Whole programs, real browsers: minutes, not seconds. */
const SLOW = ["**/*_slow_test.ts", "**/*_browser_test.ts"];

export interface RunTestsOptions {
  /** Leaves out the tests that take long, and the types, which `ok` has checked by then. */
  readonly isQuick?: boolean;
  /** Files or folders; the rooms unless named. */
  readonly paths?: readonly string[];
  readonly signal: AbortSignal;
}

/** Runs `deno test`, shows what it says and counts. A run that breaks down counts as one more failure. */
export async function runTests(
  { isQuick = false, paths = ROOMS, signal }: RunTestsOptions,
): Promise<TestCounts> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-test-" });
  const junit = join(dir, "junit.xml");
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--permit-no-files", `--junit-path=${junit}`],
        ...isQuick ? ["--no-check", `--ignore=${SLOW.join(",")}`] : [],
        ...paths,
      ],
      cwd: PROJECT_DIR,
      signal,
    }).spawn().status;
    const counts = countTests(await Deno.readTextFile(junit).catch(() => ""));
    const isUncounted = !success && counts.failed === 0;
    return isUncounted ? { ...counts, failed: 1 } : counts;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
