import { createTwoFilesPatch } from "diff";
import type { SubmissionFiles } from "@contract/submission.ts";
import { findWorkshop, type FoundWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { readReference } from "./solutions.ts";
import { readFiles } from "./my/files.ts";
import { copyDir, type MyFolder, myFolder, solutionDir } from "./my/folders.ts";
import {
  changeProgress,
  firstUnfinished,
  readProgress,
} from "./my/progress_file.ts";
import { listSnapshots } from "./my/snapshots.ts";
import { readStub } from "./my/stub.ts";
import { paint } from "./terminal/paint.ts";

export interface DiffOptions {
  readonly name: string;
  /** What the files are compared with. */
  readonly against: "stub" | "last" | "reference";
  /** Shows the reference before everything is passed; progress remembers it. */
  readonly isRevealed?: boolean;
  readonly my?: string;
}

/** `deno task diff n`: the learner's files beside the stub, the last verdict or the reference. */
export async function diff(options: DiffOptions): Promise<ExitCode> {
  const found = await findWorkshop(options.name);
  const my = myFolder(options.my);
  const mine = await readFiles(copyDir(my, found.workshop.slug));
  const other = await otherFiles(found, my, options);
  // What the reference adds is to be added: its side is the new one.
  const [before, after] = options.against === "reference"
    ? [{ name: "yours", files: mine }, { name: "reference", files: other }]
    : [{ name: options.against, files: other }, { name: "yours", files: mine }];
  console.log(diffText(before, after) || "No difference");
  return EXIT.passed;
}

interface Side {
  readonly name: string;
  readonly files: SubmissionFiles;
}

/** Unified diff of two sets of files, white space ignored; empty when they are the same. */
export function diffText(before: Side, after: Side): string {
  const paths = new Set([
    ...Object.keys(before.files),
    ...Object.keys(after.files),
  ]);
  return [...paths].sort().map((path) => {
    const [left, right] = [before, after]
      .map(({ files }) => Object.hasOwn(files, path) ? files[path]! : "");
    if (withoutSpace(left!) === withoutSpace(right!)) return "";
    const patch = createTwoFilesPatch(
      `${before.name}/${path}`,
      `${after.name}/${path}`,
      left!,
      right!,
      undefined,
      undefined,
      { ignoreWhitespace: true },
    );
    return patch.split("\n").slice(1).map(paintLine).join("\n");
  }).filter((text) => text !== "").join("\n");
}

async function otherFiles(
  found: FoundWorkshop,
  my: MyFolder,
  { against, isRevealed = false }: DiffOptions,
): Promise<SubmissionFiles> {
  const { slug } = found.workshop;
  switch (against) {
    case "stub":
      return await readStub(found);
    case "last": {
      const newest = (await listSnapshots(my, slug))[0];
      if (newest !== undefined) return await readFiles(newest.dir);
      throw new UsageError(`${slug} has had no verdict yet`);
    }
    case "reference": {
      await requireRevealed(found, my, isRevealed);
      return await readReference(solutionDir(slug));
    }
  }
}

async function requireRevealed(
  { workshop }: FoundWorkshop,
  my: MyFolder,
  isRevealed: boolean,
): Promise<void> {
  const { slug } = workshop;
  const { progress } = await readProgress(my);
  const open = firstUnfinished(progress, workshop);
  if (open === undefined || progress.revealed[slug] !== undefined) return;
  if (!isRevealed) {
    throw new UsageError(
      `The reference of ${slug} is shown once all stages are passed ` +
        `(stage ${open.number} is open); --reveal shows it now`,
    );
  }
  const now = new Date().toISOString();
  await changeProgress(my, (before) => ({
    ...before,
    revealed: { ...before.revealed, [slug]: now },
  }));
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function paintLine(line: string): string {
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  if (line.startsWith("-")) return paint("red", line);
  return line;
}
