import { delimiter, join } from "node:path";

/** Full path of an installed command; undefined when PATH has none. */
export function findOnPath(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false; // Not here, or not readable: the next folder may have it.
  }
}
