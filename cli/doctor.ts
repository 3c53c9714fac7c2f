import { type Probe, runProbes } from "../grader/stores/mod.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { paint } from "./terminal/paint.ts";

export interface DoctorOptions {
  readonly isJson?: boolean;
}

/** A state is told by its mark and its word. */
const MARKS: Readonly<Record<Probe["status"], string>> = {
  ok: paint("green", "✔ ok  "),
  warn: paint("yellow", "! warn"),
  fail: paint("red", "✘ fail"),
};

/** `deno task doctor`: tries what a run needs on this machine and says how to fix what fails. */
export async function doctor(
  { isJson = false }: DoctorOptions,
): Promise<ExitCode> {
  const probes = await runProbes((probe) => {
    if (!isJson) console.log(probeText(probe));
  });
  if (isJson) console.log(JSON.stringify(probes, null, 2));
  const failed = probes.filter(({ status }) => status === "fail");
  if (!isJson) {
    console.log(
      failed.length === 0
        ? "This machine can run every workshop"
        : `${failed.length} to fix: ${
          failed.map(({ name }) => name).join(", ")
        }`,
    );
  }
  return failed.length === 0 ? EXIT.passed : EXIT.failed;
}

/** One probe, and its fix on a line of its own. */
export function probeText({ name, status, detail, fix }: Probe): string {
  const line = `${MARKS[status]}  ${name.padEnd(14)} ${detail}`;
  return fix === undefined ? line : `${line}\n        ${paint("cyan", fix)}`;
}
