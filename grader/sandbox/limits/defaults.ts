import type { HostLimits } from "../types.ts";
import { BOOT_MS_MAX } from "./boot.ts";
import { CPU_SECONDS_MAX } from "./cpu.ts";
import { DATA_BYTES_MAX } from "./data.ts";
import { DISK_BYTES_MAX } from "./disk.ts";
import { FILE_BYTES_MAX } from "./file_size.ts";
import { HEAP_BYTES_MAX } from "./heap.ts";
import { OUTPUT_BYTES_MAX } from "./output.ts";
import { PROCESSES_MAX } from "./processes.ts";

/** Limits of an instance that names none of its own. */
export const DEFAULT_LIMITS: HostLimits = {
  heapBytesMax: HEAP_BYTES_MAX,
  dataBytesMax: DATA_BYTES_MAX,
  processesMax: PROCESSES_MAX,
  fileBytesMax: FILE_BYTES_MAX,
  cpuSecondsMax: CPU_SECONDS_MAX,
  diskBytesMax: DISK_BYTES_MAX,
  outputBytesMax: OUTPUT_BYTES_MAX,
  bootMs: BOOT_MS_MAX,
};
