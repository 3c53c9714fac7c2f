import type { HostExit } from "../types.ts";
import type { ProcessEnd } from "../process_end.ts";

/** Size of any one file (RLIMIT_FSIZE); workshops 11 and 14 write chunks of a few KB. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** Option of prlimit(1). */
export function fileSizeOption(bytesMax: number): string {
  return `--fsize=${bytesMax}`;
}

/** The kernel sends SIGXFSZ to a process that does not ignore it; else the write fails with EFBIG. */
export function fileSizeExit(
  end: ProcessEnd,
  bytesMax: number,
): HostExit | undefined {
  if (end.signal !== "SIGXFSZ") return undefined;
  const megabytes = Math.floor(bytesMax / 2 ** 20);
  return {
    reason: "crashed",
    message: `The process wrote a file of more than ${megabytes} MB`,
  };
}
