import { EXIT, type ExitCode } from "./exit_codes.ts";
import { onInterrupt } from "./signals.ts";
import { runStep } from "./suite/run_step.ts";
import { ROOMS, runTests } from "./suite/run_tests.ts";

const STEPS: readonly { readonly name: string; readonly args: string[] }[] = [
  { name: "format (deno fmt mends it)", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  {
    name: "types",
    args: ["check", "--quiet", ...ROOMS, "workshops", "solutions"],
  },
];

/** `deno task ok`, before each commit: format, lint, types and the quick tests. */
export async function ok(): Promise<ExitCode> {
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  let isOk = true;
  for (const { name, args } of STEPS) {
    isOk = await runStep(name, args, signal) && isOk;
  }
  const { passed, failed } = await runTests({ isQuick: true, signal });
  if (signal.aborted) return EXIT.interrupted;
  console.log(`${passed} passed, ${failed} failed`);
  return isOk && failed === 0 && passed > 0 ? EXIT.passed : EXIT.failed;
}
