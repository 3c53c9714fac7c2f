import type { Workshop } from "@contract/manifest.ts";
import { formerIds, type Progress, stageId } from "./progress_file.ts";

/** Progress without what a workshop's stages and hints reached. That its reference was shown stays known. */
export function forgetWorkshop(
  progress: Progress,
  workshop: Workshop,
): Progress {
  const forgotten = new Set(
    workshop.stages.flatMap((stage) => {
      const id = stageId(workshop, stage);
      return [id, ...formerIds(workshop, id)];
    }),
  );
  return {
    ...progress,
    stages: without(progress.stages, forgotten),
    hints: without(progress.hints, forgotten),
  };
}

function without<T>(
  record: Readonly<Record<string, T>>,
  keys: ReadonlySet<string>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).filter(([key]) => !keys.has(key)),
  );
}
