import type { Hint } from "@contract/hints.ts";
import type { StageManifest, Workshop } from "@contract/manifest.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { myFolder } from "./my/folders.ts";
import { readHints } from "./my/hints.ts";
import {
  changeProgress,
  firstUnfinished,
  type Progress,
  readProgress,
  stageId,
} from "./my/progress_file.ts";
import { paint } from "./terminal/paint.ts";

export interface HintOptions {
  readonly name: string;
  /** Default: the first unfinished stage. */
  readonly stage?: number;
  readonly my?: string;
}

/** `deno task hint n`: shows the hints seen so far and unlocks the next of the three. */
export async function hint(options: HintOptions): Promise<ExitCode> {
  const found = await findWorkshop(options.name);
  const my = myFolder(options.my);
  const { progress } = await readProgress(my);
  const stage = chosenStage(found.workshop, progress, options.stage);
  const hints = await readHints(found, stage);
  const id = stageId(found.workshop, stage);
  const unlocked = Math.min((progress.hints[id] ?? 0) + 1, hints.length);
  await changeProgress(my, (before) => ({
    ...before,
    hints: { ...before.hints, [id]: unlocked },
  }));
  console.log(hintText(stage, hints, unlocked));
  return EXIT.passed;
}

/** The unlocked hints of a stage, and how many there are to come. */
export function hintText(
  stage: StageManifest,
  hints: readonly Hint[],
  unlocked: number,
): string {
  const rest = hints.length - unlocked;
  return [
    paint("bold", `Stage ${stage.number} ${stage.title}`),
    ...hints.slice(0, unlocked).map(({ level, text }, index) =>
      `\n${paint("cyan", `${index + 1} ${level}`)}\n${text}`
    ),
    `\n${
      rest === 0
        ? "That was the last hint."
        : `${rest} more; ask again for the next.`
    }`,
  ].join("\n");
}

function chosenStage(
  workshop: Workshop,
  progress: Progress,
  number: number | undefined,
): StageManifest {
  const stages = workshop.stages;
  if (number === undefined) {
    return firstUnfinished(progress, workshop) ?? stages.at(-1)!;
  }
  const stage = stages.find((stage) => stage.number === number);
  if (stage !== undefined) return stage;
  throw new UsageError(
    `${workshop.slug} has the stages 1 to ${stages.length}, not ${number}`,
  );
}
