import { dirname, join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";

/** A learner's files on disk for the time of one run. */
export interface SubmissionFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes plain files of ours under the names that the upload's rules let through. The sandbox's own account reads
 * them, so the folder is open to it.
 */
export async function writeSubmissionFolder(
  files: SubmissionFiles,
): Promise<SubmissionFolder> {
  const path = await Deno.makeTempDir({ prefix: "trestle-submission-" });
  await Deno.chmod(path, 0o755);
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text, { createNew: true });
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
