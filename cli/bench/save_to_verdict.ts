import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { writeFiles } from "../my/files.ts";
import { copyDir, solutionDir } from "../my/folders.ts";
import { openPractice } from "../practice.ts";
import { readReference } from "../solutions.ts";
import { shownMs } from "../terminal/durations.ts";
import { watchFiles } from "../watch/watch_files.ts";
import { type Measurement, spread } from "./measurement.ts";

const SAVES = 20;
/** Nobody saves more often, and meanwhile the waiting judge starts the first processes. */
const TYPING_MS = 2_000;

export interface SaveToVerdictOptions {
  readonly found: FoundWorkshop;
  readonly stage: number;
  readonly kind: string;
  readonly p50MsMax: number;
  readonly signal: AbortSignal;
}

/** From writing a file of the reference to the verdict of one stage, in watch mode with a waiting judge. */
export async function measureSaveToVerdict(
  { found, stage, kind, p50MsMax, signal }: SaveToVerdictOptions,
): Promise<Measurement> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-bench-" });
  const { slug } = found.workshop;
  const my = { dir };
  const files = await readReference(solutionDir(slug));
  await writeFiles(copyDir(my, slug), files);
  await using practice = await openPractice({
    found,
    my,
    seed: "bench",
    onProgress: () => {},
    signal,
  });
  let saved = Promise.withResolvers<void>();
  using _watch = await watchFiles(copyDir(my, slug), {
    onChange: () => saved.resolve(),
  });
  const times: number[] = [];
  for (let save = 0; save < SAVES && !signal.aborted; save++) {
    await practice.ready(stage);
    await typing(signal);
    saved = Promise.withResolvers();
    const savedMs = performance.now();
    const path = join(copyDir(my, slug), "system.ts");
    await Deno.writeTextFile(path, `${files["system.ts"]}\n// ${save}\n`);
    await saved.promise;
    const { report } = await practice.run({
      stages: [stage],
      signal,
      onEvent: ({ kind }) => {
        if (kind === "run_finished") times.push(performance.now() - savedMs);
      },
    });
    if (report.verdict !== "passed") throw new Error(report.summary);
  }
  await Deno.remove(dir, { recursive: true });
  const { p50, p95 } = spread(times);
  return {
    what: `save → verdict, ${slug} stage ${stage} (${kind}), watching`,
    result: `p50 ${shownMs(p50)}, p95 ${shownMs(p95)} of ${times.length}`,
    target: `p50 ≤ ${shownMs(p50MsMax)}`,
    isReached: p50 <= p50MsMax,
  };
}

async function typing(signal: AbortSignal): Promise<void> {
  await setTimeout(TYPING_MS, undefined, { signal }).catch(() => {}); // Ctrl-C.
}
