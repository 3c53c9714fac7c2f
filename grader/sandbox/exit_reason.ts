import { cpuExit } from "./limits/cpu.ts";
import { dataExit } from "./limits/data.ts";
import { fileSizeExit } from "./limits/file_size.ts";
import { heapExit } from "./limits/heap.ts";
import { processesExit } from "./limits/processes.ts";
import type { ProcessEnd } from "./process_end.ts";
import type { HostExit, HostLimits } from "./types.ts";

/** What a process died of that nobody ended: the limit that it broke, else a crash. */
export function exitReason(end: ProcessEnd, limits: HostLimits): HostExit {
  return cpuExit(end, limits.cpuSecondsMax) ??
    fileSizeExit(end, limits.fileBytesMax) ??
    heapExit(end, limits.heapBytesMax) ??
    processesExit(end) ??
    dataExit(end) ??
    crash(end);
}

function crash({ code, signal }: ProcessEnd): HostExit {
  const how = signal === undefined
    ? `it ended itself with exit code ${code} (Deno.exit?)`
    : `it died of ${signal}`;
  return {
    reason: "crashed",
    message: `The process is gone, and nobody stopped it: ${how}`,
  };
}
