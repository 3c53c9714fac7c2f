import { findKitFolder } from "./kit_folder.ts";

/** There is no space left, and its message says where and what to do. */
export class FullDisk extends Error {
  override readonly name = "FullDisk";
}

/** The same error, or a {@link FullDisk} when it comes from a full disk. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  const isFull = error instanceof Error &&
    /No space left on device|Disk quota exceeded/.test(error.message);
  if (!isFull) return error;
  return new FullDisk(
    `There is no space left for ${folder}. ${wayOut(folder)}`,
    { cause: error },
  );
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
