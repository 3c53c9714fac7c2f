import { statfs } from "node:fs/promises";

/** Space left for us on the file system of `path`; undefined when nothing is at `path`. */
export async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
