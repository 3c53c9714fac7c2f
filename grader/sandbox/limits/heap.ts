import type { HostExit } from "../types.ts";
import type { ProcessEnd } from "../process_end.ts";

/** JavaScript objects of one instance: ten times what the references use. */
export const HEAP_BYTES_MAX = 256 * 1024 * 1024;

/** V8 keeps to this itself; it does not cover array buffers, see data.ts. */
export function heapFlag(bytesMax: number): string {
  return `--v8-flags=--max-old-space-size=${Math.floor(bytesMax / 2 ** 20)}`;
}

/** V8 says "heap out of memory" and dies of a trap (exit code 133). */
export function heapExit(
  end: ProcessEnd,
  bytesMax: number,
): HostExit | undefined {
  if (!/heap out of memory|heap limit/.test(end.stderr)) return undefined;
  const megabytes = Math.floor(bytesMax / 2 ** 20);
  return {
    reason: "memory",
    message: `The process used more than ${megabytes} MB of JavaScript objects`,
  };
}
