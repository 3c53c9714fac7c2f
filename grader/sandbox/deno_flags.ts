import { heapFlag } from "./limits/heap.ts";
import type { HostLimits } from "./types.ts";

/** Flags that every host is started with, before its permissions: nothing is looked up, asked for or fetched. */
export function denoFlags(
  { importMap }: { readonly importMap: string },
  { heapBytesMax }: HostLimits,
): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--ignore-env",
    `--import-map=${importMap}`,
    heapFlag(heapBytesMax),
  ];
}
