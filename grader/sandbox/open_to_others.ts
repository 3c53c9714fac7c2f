import { dirname } from "node:path";

/** The first part of `path` that keeps other accounts out; undefined when any of them can read it. */
export function closedPart(path: string): string | undefined {
  const { mode, isDirectory } = Deno.statSync(path);
  const needed = isDirectory ? 0o005 : 0o004;
  if (((mode ?? 0) & needed) !== needed) return path;
  return closedFolder(dirname(path));
}

/** A folder that others cannot pass through, from here to the root. */
export function closedFolder(folder: string): string | undefined {
  if (((Deno.statSync(folder).mode ?? 0) & 0o001) === 0) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : closedFolder(parent);
}
