import { statfs } from "node:fs/promises";

/** Space left for us on the file system of `path`; 0 when there is none. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return 0; // No such file system here.
  }
}
