/** The same error, or, when it comes from a full disk, one that says which and what to do. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  const isFull = error instanceof Error &&
    /No space left on device|Disk quota exceeded/.test(error.message);
  if (!isFull) return error;
  const wayOut = folder.startsWith("/dev/shm")
    ? "End other runs, or enlarge it (in Docker: --shm-size=1g)"
    : "Free some space, or set TRESTLE_DIR to a folder with more";
  return new Error(`There is no space left for ${folder}. ${wayOut}`, {
    cause: error,
  });
}
