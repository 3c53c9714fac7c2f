import type { HostExit } from "../types.ts";
import type { ProcessEnd } from "../process_end.ts";

/**
 * All private memory (RLIMIT_DATA), so array buffers, WebAssembly and workers too. V8 reserves about 0.55 GB of it
 * untouched, and each worker 0.5 GB more; the address space (RLIMIT_AS) cannot be capped, its cages need 64 GB.
 */
export const DATA_BYTES_MAX = 1_200 * 1024 * 1024;

/** Option of prlimit(1). */
export function dataOption(bytesMax: number): string {
  return `--data=${bytesMax}`;
}

/** For systems without prlimit(1), and for what RLIMIT_DATA does not count: what the tree holds in memory now. */
export function residentExit(
  memoryBytes: number,
  bytesMax: number,
): HostExit | undefined {
  return memoryBytes > bytesMax ? tooMuchMemory() : undefined;
}

/** A refused allocation ends V8 by a trap and Rust by an abort, each with a sentence about it. */
export function dataExit(end: ProcessEnd): HostExit | undefined {
  const isRefused =
    /allocation (of \d+ bytes )?failed|out of memory|Cannot allocate memory/i;
  if (!isRefused.test(end.stderr)) return undefined;
  return tooMuchMemory();
}

function tooMuchMemory(): HostExit {
  return {
    reason: "memory",
    message: "The process asked for more memory than an instance may have",
  };
}
