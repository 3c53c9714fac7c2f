import { startStores } from "../../grader/stores/mod.ts";
import { shownMs } from "../terminal/durations.ts";
import type { Measurement } from "./measurement.ts";
import { openTinyLab } from "./tiny_system.ts";

const MS_MAX = 150;

/** Killing, restarting and asking again, before and after each store message of one call. */
export async function measureCrashSweep(
  signal: AbortSignal,
): Promise<Measurement> {
  await using stores = await startStores({ signal });
  await using open = await openTinyLab(stores);
  const { lab } = open;
  const startedMs = performance.now();
  const { points } = await lab.crashSweep({
    operation: () => lab.get("/"),
    verify: async () => void await lab.get("/"),
  });
  const perPoint = (performance.now() - startedMs) / points.length;
  return {
    what: `crash sweep, per point (of ${points.length})`,
    result: shownMs(perPoint),
    target: `≤ ${MS_MAX} ms`,
    isReached: perPoint <= MS_MAX,
  };
}
