import type { HostExit } from "../types.ts";
import type { ProcessEnd } from "../process_end.ts";

/** Processor time of one process (RLIMIT_CPU); a check ends after 10 s, so this stops what has lost its parent. */
export const CPU_SECONDS_MAX = 30;

/** Option of prlimit(1): a warning that ends the process, a second later the kernel's SIGKILL. */
export function cpuOption(secondsMax: number): string {
  return `--cpu=${secondsMax}:${secondsMax + 1}`;
}

/** The kernel sends SIGXCPU. */
export function cpuExit(
  end: ProcessEnd,
  secondsMax: number,
): HostExit | undefined {
  if (end.signal !== "SIGXCPU") return undefined;
  return {
    reason: "timeout",
    message:
      `The process computed for more than ${secondsMax} s; does a loop never end?`,
  };
}
