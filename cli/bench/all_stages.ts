import { grade } from "../../grader/grade.ts";
import { startStores } from "../../grader/stores/mod.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { writeFiles } from "../my/files.ts";
import { solutionDir } from "../my/folders.ts";
import { readReference } from "../solutions.ts";
import { shownMs } from "../terminal/durations.ts";
import type { Measurement } from "./measurement.ts";

const WALL_MS_MAX = 30_000;
const CPU_MS_MAX = 20_000;

/** The reference through all stages of its workshop: what one submission costs a class. */
export async function measureAllStages(
  { workshop, dir }: FoundWorkshop,
  signal: AbortSignal,
): Promise<Measurement> {
  const submissionDir = await Deno.makeTempDir({ prefix: "trestle-bench-" });
  const reference = await readReference(solutionDir(workshop.slug));
  await writeFiles(submissionDir, reference);
  await using stores = await startStores();
  const { verdict, summary, wallMs, cpuMs } = await grade({
    workshop,
    workshopDir: dir,
    submissionDir,
    seed: "bench",
    floor: "local",
    stores: stores.address,
    signal,
  });
  await Deno.remove(submissionDir, { recursive: true });
  if (verdict !== "passed") throw new Error(summary);
  return {
    what: `reference of ${workshop.slug}, all stages`,
    result: `${shownMs(wallMs)} wall, ${shownMs(cpuMs)} CPU of its processes`,
    target: `≤ ${shownMs(WALL_MS_MAX)} wall, ≤ ${shownMs(CPU_MS_MAX)} CPU`,
    isReached: wallMs <= WALL_MS_MAX && cpuMs <= CPU_MS_MAX,
  };
}
