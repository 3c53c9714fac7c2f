import { freeBytes } from "./free_bytes.ts";
import { findKitFolder } from "./kit_folder.ts";

/** Less cannot hold what a check writes in between two looks. */
const FREE_BYTES_MIN = 1024 * 1024;

/** There is no space left, and its message says where and what to do. */
export class FullDisk extends Error {
  override readonly name = "FullDisk";
}

/** The same error, or a {@link FullDisk} when it comes from a full disk. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  const isFull = error instanceof Error &&
    /No space left on device|Disk quota exceeded/.test(error.message);
  return isFull ? fullDisk(folder, error) : error;
}

/** What is wrong with the first of `folders` on whose file system no space is left. */
export async function findFullDisk(
  folders: readonly string[],
): Promise<FullDisk | undefined> {
  for (const folder of folders) {
    const free = await freeBytes(folder);
    if (free !== undefined && free < FREE_BYTES_MIN) return fullDisk(folder);
  }
}

function fullDisk(folder: string, cause?: Error): FullDisk {
  const message = `There is no space left for ${folder}. ${wayOut(folder)}`;
  return new FullDisk(message, { cause });
}

function wayOut(folder: string): string {
  if (folder.startsWith("/dev/shm")) {
    return "End other runs, or enlarge it (in Docker: --shm-size=1g)";
  }
  const variable = folder.startsWith(findKitFolder())
    ? "TRESTLE_DIR"
    : "TMPDIR";
  return `Free some space, or set ${variable} to a folder with more`;
}
