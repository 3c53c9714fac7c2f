import { findWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { readFiles, replaceFiles } from "./my/files.ts";
import { copyDir, myFolder, shownPath } from "./my/folders.ts";
import { takeSnapshot } from "./my/snapshots.ts";
import { readStub } from "./my/stub.ts";

export interface ResetOptions {
  readonly name: string;
  readonly my?: string;
}

/** `deno task reset n`: puts the stub back. The files are kept as a snapshot, progress stays. */
export async function reset({ name, my }: ResetOptions): Promise<ExitCode> {
  const found = await findWorkshop(name);
  const { slug, number } = found.workshop;
  const folder = myFolder(my);
  const dir = copyDir(folder, slug);
  const reason = "before-reset";
  const files = await readFiles(dir);
  const kept = await takeSnapshot(folder, { slug, files, reason });
  await replaceFiles(dir, await readStub(found));
  console.log(`${shownPath(dir)} is the stub again`);
  if (kept !== undefined) {
    console.log(
      `Your files come back with: deno task restore ${
        Number(number)
      } ${kept.name}`,
    );
  }
  return EXIT.passed;
}
