/** The three study paths; each contains the one before. */
import type { WorkshopSummary } from "@contract/api.ts";
import type { Level } from "@contract/manifest.ts";

const ORDER: readonly Level[] = ["mid", "senior", "staff"];

export function workshopsOnPath(
  workshops: readonly WorkshopSummary[],
  path: Level,
): readonly WorkshopSummary[] {
  return workshops.filter(({ level }) =>
    ORDER.indexOf(level) <= ORDER.indexOf(path)
  );
}
