import type { Workshop } from "@contract/manifest.ts";
import { findWorkshops } from "../grader/workshops.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import type { MyFolder } from "./my/folders.ts";
import {
  firstUnfinished,
  type Progress,
  readProgress,
  stageRecord,
} from "./my/progress_file.ts";
import { paint } from "./terminal/paint.ts";

/** Lists every workshop with what is passed in it. */
export async function listWorkshops(
  my: MyFolder,
  { isJson = false }: { readonly isJson?: boolean } = {},
): Promise<ExitCode> {
  const { progress, warning } = await readProgress(my);
  if (warning !== undefined) console.error(warning);
  const workshops = (await findWorkshops()).map(({ workshop }) => workshop);
  if (isJson) {
    const list = workshops.map((workshop) => summary(workshop, progress));
    console.log(JSON.stringify(list, null, 2));
  } else {
    for (const workshop of workshops) console.log(lines(workshop, progress));
    console.log("Begin or go on: deno task workshop <number> --watch");
  }
  return EXIT.passed;
}

function summary(workshop: Workshop, progress: Progress) {
  const { number, slug, title, level, hours } = workshop;
  const stages = workshop.stages.map((stage) => ({
    number: stage.number,
    title: stage.title,
    passedAt: stageRecord(progress, workshop, stage).passedAt ?? null,
  }));
  return { number, slug, title, level, hours, stages };
}

function lines(workshop: Workshop, progress: Progress): string {
  const { number, title, level, hours, summary: job } = workshop;
  const bar = workshop.stages
    .map((stage) => stageRecord(progress, workshop, stage).passedAt ? "■" : "□")
    .join("");
  const current = firstUnfinished(progress, workshop);
  const now = current === undefined
    ? "all passed"
    : `stage ${current.number} ${current.title}`;
  return `${paint("bold", `${number} ${title}`)}  ${bar}  ${now}\n` +
    `   ${job} ${paint("gray", `(${level}, ${hours} h)`)}\n`;
}
