import type { Report } from "@contract/report.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";

/** What a report means to the shell. */
export function exitCodeOf({ verdict }: Pick<Report, "verdict">): ExitCode {
  if (verdict === "passed") return EXIT.passed;
  if (verdict === "canceled") return EXIT.interrupted;
  return verdict === "infra_error" ? EXIT.wrong : EXIT.failed;
}
