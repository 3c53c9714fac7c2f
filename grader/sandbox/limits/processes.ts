import type { HostExit } from "../types.ts";
import type { ProcessEnd } from "../process_end.ts";

/**
 * Processes and threads (RLIMIT_NPROC). Deno itself runs about 2 per core and lends blocking calls more; the
 * rest leaves room for a few workers, not for a bomb of them.
 */
export const PROCESSES_MAX = 40 + 2 * navigator.hardwareConcurrency;

/** Option of prlimit(1). Set inside the user namespace, where Linux (since 5.14) counts each sandbox on its own. */
export function processesOption(countMax: number): string {
  return `--nproc=${countMax}`;
}

/** Starting a thread too many ends Deno with "Resource temporarily unavailable". */
export function processesExit(end: ProcessEnd): HostExit | undefined {
  const isRefused = /Resource temporarily unavailable|failed to spawn thread/;
  if (!isRefused.test(end.stderr)) return undefined;
  return {
    reason: "crashed",
    message: "The process started more workers than an instance may have",
  };
}
