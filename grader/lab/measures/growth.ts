import { median } from "./median.ts";
import type { GrowthPlan } from "./types.ts";

const OPERATIONS = 30;
const GROWTH = 10;
/** Caches and prepared statements fill up before anything is measured. */
const WARM_UP = 3;

/** Median time of the operation on ten times the data, divided by that on the data. */
export async function growth(plan: GrowthPlan): Promise<number> {
  await plan.prepare(plan.size);
  const small = await medianMs(plan);
  await plan.prepare(plan.size * GROWTH);
  return await medianMs(plan) / small;
}

async function medianMs(
  { operation, operations = OPERATIONS }: GrowthPlan,
): Promise<number> {
  const times: number[] = [];
  for (let index = -WARM_UP; index < operations; index++) {
    const startedMs = performance.now();
    await operation(index + WARM_UP);
    if (index >= 0) times.push(performance.now() - startedMs);
  }
  return median(times);
}
