import { join, relative } from "node:path";
import type { HostExit } from "./types.ts";

/** More files than any submission has; beyond them nothing is looked at, and nothing is run. */
const FILES_MAX = 500;

/**
 * Deno checks the right to read at a symbolic link, not at its target: a link in the submission would read any file
 * of the machine. An upload has none (only regular files are made of it); a folder on one's own disk may.
 */
export function escapingLink(submissionDir: string): HostExit | undefined {
  const folders = [submissionDir];
  let files = 0;
  for (const folder of folders) {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      if (++files > FILES_MAX) return forbidden(`${FILES_MAX} files at most`);
      if (entry.isDirectory) folders.push(path);
      if (!entry.isSymlink || staysWithin(submissionDir, path)) continue;
      const name = relative(submissionDir, path);
      return forbidden(
        `${name} is a link to something outside; copy the file instead`,
      );
    }
  }
  return undefined;
}

function staysWithin(folder: string, link: string): boolean {
  try {
    return Deno.realPathSync(link).startsWith(`${folder}/`);
  } catch {
    return true; // It leads nowhere.
  }
}

function forbidden(problem: string): HostExit {
  return {
    reason: "forbidden",
    message: `The folder of system.ts is not self-contained: ${problem}`,
  };
}
