import { join } from "node:path";
import type { Report } from "@contract/report.ts";
import { findWorkshop, type FoundWorkshop } from "../grader/workshops.ts";
import type { ExitCode } from "./exit_codes.ts";
import { listWorkshops } from "./list_workshops.ts";
import { copyDir, type MyFolder, myFolder, shownPath } from "./my/folders.ts";
import { placeToOpen } from "./my/place_to_open.ts";
import { readProgress } from "./my/progress_file.ts";
import { copyStub } from "./my/stub.ts";
import { nextSteps } from "./next_steps.ts";
import { openPractice } from "./practice.ts";
import { newSeed } from "./seed.ts";
import { onInterrupt } from "./signals.ts";
import { orderText, type StageChoice, stageOrder } from "./stage_order.ts";
import { paint } from "./terminal/paint.ts";
import { reportText } from "./terminal/report_view.ts";
import {
  openRunView,
  type RunView,
  silentRunView,
} from "./terminal/run_view.ts";
import { startTypeCheck, type TypeCheck } from "./type_errors.ts";
import { exitCodeOf } from "./verdict_exit.ts";

/** Types are told after the verdict if they are known by then, or this much later. */
const TYPES_MS_MAX = 5_000;

export interface WorkshopOptions extends StageChoice {
  readonly name?: string;
  readonly isWatching?: boolean;
  readonly seed?: string;
  readonly isJson?: boolean;
  readonly isFull?: boolean;
  readonly my?: string;
}

/** `deno task workshop [n]`: runs the checks on the learner's files, once or at every save. */
export async function workshop(options: WorkshopOptions): Promise<ExitCode> {
  const my = myFolder(options.my);
  if (options.name === undefined) return await listWorkshops(my, options);
  const found = await findWorkshop(options.name);
  const say = options.isJson ? () => {} : (line: string) => console.log(line);
  if (await copyStub(my, found)) {
    say(`Copied the stub to ${shownPath(copyDir(my, found.workshop.slug))}`);
  }
  if (options.isWatching) {
    const { watchWorkshop } = await import("./watch/watch_workshop.ts");
    return await watchWorkshop(found, my, options);
  }
  const { warning } = await readProgress(my);
  if (warning !== undefined) console.error(warning);
  return await runOnce(found, my, options);
}

async function runOnce(
  found: FoundWorkshop,
  my: MyFolder,
  options: WorkshopOptions,
): Promise<ExitCode> {
  const { slug, title } = found.workshop;
  const before = (await readProgress(my)).progress;
  const stages = stageOrder(found.workshop, before, options);
  using interrupt = onInterrupt();
  using view = options.isJson ? silentRunView() : openRunView();
  if (!options.isJson) {
    console.log(paint("bold", `${slug.slice(0, 2)} ${title}`));
    const order = orderText(stages);
    if (order !== undefined) console.log(paint("gray", order));
  }
  view.wait("Starting Postgres and Redis");
  const { signal } = interrupt;
  await using practice = await openPractice({
    found,
    my,
    seed: options.seed ?? newSeed(),
    onProgress: view.wait,
    signal,
  });
  view.wait("Loading the checks");
  const dir = copyDir(my, slug);
  using types = options.isJson ? undefined : startTypeCheck(dir);
  const { onEvent } = view;
  const { report, progress } = await practice.run({ stages, signal, onEvent });
  if (types === undefined) {
    console.log(JSON.stringify(report, null, 2));
  } else if (report.verdict !== "canceled") {
    const next = nextSteps(found.workshop, report, progress ?? before);
    console.log(reportText(report, {
      isFull: options.isFull,
      next: [...await whereToOpen(report, my), ...next],
    }));
    await showTypeErrors(types, { view, dir });
  }
  return exitCodeOf(report);
}

/** Where to go on, unless the summary names the line that matters or the code is not at fault. */
async function whereToOpen(
  { verdict, workshop, stages }: Report,
  my: MyFolder,
): Promise<string[]> {
  const isElsewhere = ["passed", "load_error", "infra_error"].includes(verdict);
  if (isElsewhere) return [];
  const failing = stages.flatMap(({ checks }) => checks)
    .find(({ failure }) => failure !== undefined);
  return [`Open ${await placeToOpen(my, workshop, failing?.failure?.hint)}`];
}

async function showTypeErrors(
  types: TypeCheck,
  { view, dir }: { readonly view: RunView; readonly dir: string },
): Promise<void> {
  view.wait("Checking types");
  const late = Promise.withResolvers<string>();
  const byHand = `deno check ${shownPath(join(dir, "system.ts"))}`;
  const timer = setTimeout(
    () => late.resolve(`This machine was too busy to finish it: ${byHand}`),
    TYPES_MS_MAX,
  );
  const errors = await Promise.race([types.errors, late.promise]);
  clearTimeout(timer);
  if (errors === undefined) return;
  view.say(`\n${paint("yellow", "Types, beside the verdict:")}\n${errors}`);
}
