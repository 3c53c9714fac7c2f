import { join } from "node:path";
import { type Hint, HINT_LEVELS, hintsIn } from "@contract/hints.ts";
import type { StageManifest } from "@contract/manifest.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";

/** The hints of a stage, from `hints/<number>.md`. Throws a TypeError unless there is one of each level, in order. */
export async function readHints(
  { dir, workshop }: FoundWorkshop,
  stage: StageManifest,
): Promise<Hint[]> {
  const path = join(dir, "hints", `${stage.number}.md`);
  const hints = hintsIn(await Deno.readTextFile(path))
    .filter(({ text }) => text !== "");
  const levels = hints.map(({ level }) => level);
  if (levels.join() === HINT_LEVELS.join()) return hints;
  throw new TypeError(
    `workshops/${workshop.slug}/hints/${stage.number}.md needs ` +
      `${headings(HINT_LEVELS)}, each with a text (it has ${headings(levels)})`,
  );
}

function headings(levels: readonly string[]): string {
  return levels.map((level) => `"## ${level}"`).join(", ") || "none";
}
