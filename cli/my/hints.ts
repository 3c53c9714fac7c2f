import { join } from "node:path";
import type { StageManifest } from "@contract/manifest.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";

/** The three levels of a hint, in the order in which they are unlocked. */
export const HINT_LEVELS = ["Nudge", "Concept", "Near-code"] as const;

export interface Hint {
  readonly level: typeof HINT_LEVELS[number];
  /** Markdown. */
  readonly text: string;
}

/** The hints of a stage, from `hints/<number>.md`. Throws a TypeError unless all three levels are there. */
export async function readHints(
  { dir, workshop }: FoundWorkshop,
  stage: StageManifest,
): Promise<Hint[]> {
  const path = join(dir, "hints", `${stage.number}.md`);
  const sections = (await Deno.readTextFile(path)).split(/^## /m).slice(1);
  return HINT_LEVELS.map((level, index) => {
    const [title, ...lines] = (sections[index] ?? "").split("\n");
    const text = lines.join("\n").trim();
    if (title?.trim() === level && text !== "") return { level, text };
    throw new TypeError(
      `workshops/${workshop.slug}/hints/${stage.number}.md: ` +
        `section ${index + 1} must be "## ${level}" with a text (it is ${
          JSON.stringify(title ?? "")
        })`,
    );
  });
}
