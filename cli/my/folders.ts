import { join, relative, resolve } from "node:path";
import { PROJECT_DIR } from "../../grader/workshops.ts";

/** Where a learner's files, progress and earlier versions lie. */
export interface MyFolder {
  readonly dir: string;
}

/** The learner's folder: `my/` in the project unless another is named. */
export function myFolder(dir: string | undefined): MyFolder {
  return { dir: dir === undefined ? join(PROJECT_DIR, "my") : resolve(dir) };
}

/** The learner's copy of one workshop. */
export function copyDir(my: MyFolder, slug: string): string {
  return join(my.dir, slug);
}

/** Where the reference and its mutants lie. */
export function solutionDir(slug: string): string {
  return join(PROJECT_DIR, "solutions", slug);
}

/** A path as a person would type it from where they are. */
export function shownPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}
