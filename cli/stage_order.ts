import type { Workshop } from "@contract/manifest.ts";
import { UsageError } from "./exit_codes.ts";
import { firstUnfinished, type Progress } from "./my/progress_file.ts";

/** `stage`: that one only. `isAll`: all of them, ascending. */
export interface StageChoice {
  readonly stage?: number;
  readonly isAll?: boolean;
}

/** The stages of a run: the first unfinished one, then the earlier ones, whose failures would be regressions. */
export function stageOrder(
  workshop: Workshop,
  progress: Progress,
  { stage, isAll = false }: StageChoice = {},
): number[] {
  const all = workshop.stages.map(({ number }) => number);
  if (stage !== undefined) {
    if (all.includes(stage)) return [stage];
    throw new UsageError(
      `${workshop.slug} has the stages 1 to ${all.length}, not ${stage}`,
    );
  }
  const current = firstUnfinished(progress, workshop);
  if (isAll || current === undefined) return all;
  return [current.number, ...all.filter((number) => number < current.number)];
}

/** Why earlier stages run again, after the current one; undefined when they do not. */
export function orderText(stages: readonly number[]): string | undefined {
  const [current, ...earlier] = stages;
  const last = earlier.at(-1);
  if (last === undefined || current! < last) return undefined;
  const which = earlier.length === 1 ? `${last}` : `${earlier[0]}–${last}`;
  return `Stage ${current} first; once it passes, ${which} again, in case something broke`;
}
