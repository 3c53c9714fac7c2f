import { dirname, join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";

/** A learner's files on disk for the time of one run. */
export interface SubmissionFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes plain files of ours under the names that the upload's rules let through. They lie in the run folder, which
 * nobody else can list and which the next start sweeps if we are killed.
 */
export async function writeSubmissionFolder(
  runDir: string,
  files: SubmissionFiles,
): Promise<SubmissionFolder> {
  await using opened = new AsyncDisposableStack();
  const path = await Deno.makeTempDir({ dir: runDir, prefix: "submission-" });
  opened.defer(() => Deno.remove(path, { recursive: true }));
  // Root's sandboxes have an account of their own, which must read them; others run as ourselves.
  if (Deno.uid() === 0) await Deno.chmod(path, 0o755);
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text, { createNew: true });
  }
  const kept = opened.move();
  return { path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
