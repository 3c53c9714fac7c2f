import { join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { copyDir, type MyFolder } from "./folders.ts";
import { readFiles, writeFiles } from "./files.ts";

/** Beside the stub, but not part of it: its answers are for the grader. */
const NOT_STUB = new Set(["estimates.ts"]);

/** The pristine files that a learner begins with: the code beside workshop.json. */
export async function readStub(
  { dir }: FoundWorkshop,
): Promise<SubmissionFiles> {
  const files: Record<string, string> = {};
  for await (const { name, isFile } of Deno.readDir(dir)) {
    if (isFile && name.endsWith(".ts") && !NOT_STUB.has(name)) {
      files[name] = await Deno.readTextFile(join(dir, name));
    }
  }
  return files;
}

/** Copies the stub unless the learner has files already. True when it did. */
export async function copyStub(
  my: MyFolder,
  found: FoundWorkshop,
): Promise<boolean> {
  const dir = copyDir(my, found.workshop.slug);
  if (Object.keys(await readFiles(dir)).length > 0) return false;
  await writeFiles(dir, await readStub(found));
  return true;
}
