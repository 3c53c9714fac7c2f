/**
 * A submission: the learner's files by name. No archives, so nothing to unpack.
 *
 * @module
 */

/** Files by path inside the workshop's folder: `{"system.ts": "export default …"}`. */
export type SubmissionFiles = Readonly<Record<string, string>>;

export interface Submission {
  /** "03-rate-limiter" */
  readonly workshop: string;
  readonly files: SubmissionFiles;
}

export const SUBMISSION_FILES_MAX = 40;
export const SUBMISSION_BYTES_MAX = 256 * 1024;
/** `system.ts`, `limits/token_bucket.ts`, `data.json`: letters, digits, `_`, `-`; at most three folders deep. */
export const SUBMISSION_PATH =
  /^(?:[A-Za-z0-9_-]{1,64}\/){0,3}[A-Za-z0-9_-]{1,64}\.(?:ts|json|sql|lua|md)$/;

const RESERVED_NAMES = new Set([
  "deno.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "import_map.json",
]);

/** What is wrong with an upload, as one sentence that says the rule and the value at hand; undefined if nothing is. */
export function submissionProblem(files: SubmissionFiles): string | undefined {
  const paths = Object.keys(files);
  if (!Object.hasOwn(files, "system.ts")) {
    return `A submission needs a file "system.ts"; it has ${listed(paths)}`;
  }
  if (paths.length > SUBMISSION_FILES_MAX) {
    return `A submission has at most ${SUBMISSION_FILES_MAX} files; this one has ${paths.length}`;
  }
  for (const path of paths) {
    if (
      !SUBMISSION_PATH.test(path) || RESERVED_NAMES.has(path.split("/").at(-1)!)
    ) {
      return `${
        JSON.stringify(path)
      } cannot be submitted: only .ts, .json, .sql, .lua and .md files of your own, ` +
        `with plain names, are`;
    }
  }
  const lowerCase = new Set(paths.map((path) => path.toLowerCase()));
  if (lowerCase.size < paths.length) {
    return "Two files differ only in upper and lower case";
  }
  const bytes = paths.reduce(
    (sum, path) => sum + new TextEncoder().encode(files[path]).length,
    0,
  );
  if (bytes > SUBMISSION_BYTES_MAX) {
    return `A submission has at most ${
      SUBMISSION_BYTES_MAX / 1024
    } KB; this one has ${Math.ceil(bytes / 1024)} KB`;
  }
  return undefined;
}

function listed(paths: readonly string[]): string {
  return paths.length === 0
    ? "no files"
    : paths.slice(0, 5).map((path) => JSON.stringify(path)).join(", ");
}
