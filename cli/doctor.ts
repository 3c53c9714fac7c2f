import { probeSandbox } from "../grader/sandbox/mod.ts";
import { type Probe, PROBES } from "../grader/stores/mod.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { onInterrupt } from "./signals.ts";
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
  using interrupt = onInterrupt();
  const say = isJson ? console.error : console.log;
  const probes: Probe[] = [];
  for (const look of [...PROBES, probeSandbox]) {
    const probe = await look();
    if (interrupt.signal.aborted) return EXIT.interrupted;
    say(probeText(probe));
    probes.push(probe);
  }
  const failed = probes.filter(({ status }) => status === "fail");
  say(
    failed.length === 0
      ? "This machine can run every workshop"
      : `${failed.length} to fix: ${failed.map(({ name }) => name).join(", ")}`,
  );
  if (isJson) console.log(JSON.stringify(probes, null, 2));
  return failed.length === 0 ? EXIT.passed : EXIT.failed;
}

/** One probe, and its fix on a line of its own. */
export function probeText({ name, status, detail, fix }: Probe): string {
  const line = `${MARKS[status]}  ${name.padEnd(14)} ${detail}`;
  return fix === undefined ? line : `${line}\n        ${paint("cyan", fix)}`;
}
