import type { FoundWorkshop } from "../../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import { copyDir, type MyFolder } from "../my/folders.ts";
import { firstUnfinished, readProgress } from "../my/progress_file.ts";
import { openPractice } from "../practice.ts";
import { newSeed } from "../seed.ts";
import { onInterrupt } from "../signals.ts";
import type { StageChoice } from "../stage_order.ts";
import { openRunView } from "../terminal/run_view.ts";
import { Inbox } from "./inbox.ts";
import { readKeys } from "./keys.ts";
import { actionOfKey, type WatchAction } from "./watch_actions.ts";
import { watchFiles } from "./watch_files.ts";
import { WatchSession } from "./watch_session.ts";

export interface WatchOptions extends StageChoice {
  readonly seed?: string;
  readonly isJson?: boolean;
  readonly isFull?: boolean;
}

/**
 * `workshop n --watch`: runs the current stage and the earlier ones at every save. A new save ends the run under
 * way. It goes on to the next stage only when asked.
 */
export async function watchWorkshop(
  found: FoundWorkshop,
  my: MyFolder,
  options: WatchOptions,
): Promise<ExitCode> {
  if (options.isJson) {
    throw new UsageError("--watch is for people; --json runs once");
  }
  using interrupt = onInterrupt();
  const inbox = new Inbox<WatchAction>();
  interrupt.signal.addEventListener("abort", () => inbox.put("quit"));
  using view = openRunView();
  view.wait("Starting Postgres and Redis");
  await using practice = await openPractice({
    found,
    my,
    seed: options.seed ?? newSeed(),
    onProgress: view.wait,
    signal: interrupt.signal,
  });
  using watch = await watchFiles(copyDir(my, found.workshop.slug), {
    onChange: () => inbox.put("run"),
  });
  const session = new WatchSession({
    found,
    my,
    practice,
    view,
    stage: options.stage ?? await currentStage(found, my),
    isFull: options.isFull ?? false,
    watchMode: watch.mode,
  });
  forwardKeys(inbox);
  inbox.put(options.isAll ? "all" : "run");
  while (true) {
    const { item, signal } = await inbox.take();
    if (item === "quit") break;
    await session.act(item, signal);
  }
  return interrupt.signal.aborted ? EXIT.interrupted : session.exitCode;
}

async function currentStage(
  { workshop }: FoundWorkshop,
  my: MyFolder,
): Promise<number> {
  const { progress, warning } = await readProgress(my);
  if (warning !== undefined) console.error(warning);
  const stage = firstUnfinished(progress, workshop);
  return (stage ?? workshop.stages.at(-1)!).number;
}

async function forwardKeys(inbox: Inbox<WatchAction>): Promise<void> {
  for await (const key of readKeys()) {
    const action = actionOfKey(key);
    if (action !== undefined) inbox.put(action);
  }
}
