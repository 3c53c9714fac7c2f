import { join } from "node:path";
import type { HostExit } from "../types.ts";

/** All files of a run's data folder and of Deno's own (`caches`); file_size.ts bounds each of them. */
export const DISK_BYTES_MAX = 256 * 1024 * 1024;
/** More files than any check makes; counting them must stay cheap as well. */
const FILES_MAX = 20_000;

/** Looks through the folders: no file system with a size of its own can be had without root. */
export async function diskExit(
  folders: readonly string[],
  bytesMax: number,
): Promise<HostExit | undefined> {
  const used = { bytes: 0, files: 0 };
  for (const folder of folders) await count(folder, used);
  if (used.bytes <= bytesMax && used.files <= FILES_MAX) return undefined;
  const megabytes = Math.floor(bytesMax / 2 ** 20);
  return {
    reason: "output_limit",
    message:
      `The process wrote more than ${megabytes} MB or ${FILES_MAX} files, or into a folder that it closed`,
  };
}

/** Files come and go while they are counted: by the system under test, or with the whole run. */
async function count(
  folder: string,
  used: { bytes: number; files: number },
): Promise<void> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (++used.files > FILES_MAX) return;
      const path = join(folder, name);
      if (isDirectory) await count(path, used);
      else used.bytes += await sizeOf(path);
    }
  } catch (error) {
    // One that cannot be looked into may hide anything; any other is gone.
    if (error instanceof Deno.errors.PermissionDenied) used.bytes = Infinity;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.lstat(path)).size;
  } catch {
    return 0; // Gone.
  }
}
