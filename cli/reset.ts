import type { Workshop } from "@contract/manifest.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { readFiles, replaceFiles } from "./my/files.ts";
import { copyDir, type MyFolder, myFolder, shownPath } from "./my/folders.ts";
import { forgetWorkshop } from "./my/forget_workshop.ts";
import { changeProgress } from "./my/progress_file.ts";
import { takeSnapshot } from "./my/snapshots.ts";
import { readStub } from "./my/stub.ts";

export interface ResetOptions {
  readonly name: string;
  /** Forgets what was passed, too. */
  readonly isForgetting?: boolean;
  readonly my?: string;
}

/** `deno task reset n`: puts the stub back. The files are kept as a snapshot, progress stays unless told otherwise. */
export async function reset(
  { name, isForgetting = false, my }: ResetOptions,
): Promise<ExitCode> {
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
  console.log(await progressText(found.workshop, folder, isForgetting));
  return EXIT.passed;
}

async function progressText(
  workshop: Workshop,
  my: MyFolder,
  isForgetting: boolean,
): Promise<string> {
  if (isForgetting) {
    await changeProgress(my, (before) => forgetWorkshop(before, workshop));
    return "Its progress is forgotten";
  }
  return "What you have passed stays passed; " +
    `deno task reset ${Number(workshop.number)} --progress forgets that too`;
}
