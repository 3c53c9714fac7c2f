import { join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";
import { readFiles } from "./my/files.ts";

/** A right solution of another shape: files laid over the reference. */
export interface Alternative {
  readonly name: string;
  readonly files: SubmissionFiles;
}

/** The reference alone, without debrief, mutants and alternatives. */
export async function readReference(
  solutionDir: string,
): Promise<SubmissionFiles> {
  const files = await readFiles(solutionDir);
  return codeOf(files, (path) => !/^(?:mutants|alternatives)\//.test(path));
}

/** The alternatives of a solution's folder, complete with the reference's files that they keep. */
export async function readAlternatives(
  solutionDir: string,
): Promise<Alternative[]> {
  const reference = await readReference(solutionDir);
  const files = await readFiles(join(solutionDir, "alternatives"));
  const names = new Set(Object.keys(files).map((path) => path.split("/")[0]!));
  return [...names].sort().map((name) => ({
    name,
    files: {
      ...reference,
      ...codeOf(
        Object.fromEntries(
          Object.entries(files)
            .filter(([path]) => path.startsWith(`${name}/`))
            .map(([path, text]) => [path.slice(name.length + 1), text]),
        ),
        (path) => path !== "alternative.json",
      ),
    },
  }));
}

function codeOf(
  files: SubmissionFiles,
  isWanted: (path: string) => boolean,
): SubmissionFiles {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => !path.endsWith(".md") && isWanted(path)),
  );
}
