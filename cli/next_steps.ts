import type { Workshop } from "@contract/manifest.ts";
import type { Report } from "@contract/report.ts";
import { firstUnfinished, type Progress } from "./my/progress_file.ts";

/** What a learner may do now, as commands to copy. */
export function nextSteps(
  workshop: Workshop,
  report: Report,
  progress: Progress,
  { isWatching = false }: { readonly isWatching?: boolean } = {},
): string[] {
  const name = Number(workshop.number);
  const again = `deno task workshop ${name}`;
  switch (report.verdict) {
    case "canceled":
      return [];
    case "infra_error":
      return ["Next: run it again; if this stays, deno task doctor"];
    case "passed": {
      const current = firstUnfinished(progress, workshop);
      return current === undefined
        ? [
          `All stages of ${workshop.title} are passed`,
          `Next: deno task diff ${name} --reference compares yours with ours; ` +
          `the debrief is solutions/${workshop.slug}/NOTES.md`,
        ]
        : [
          `Next: stage ${current.number} ${current.title}: ${
            isWatching ? "press n" : again
          }`,
        ];
    }
    default:
      return isWatching ? ["Next: change the code and save"] : [
        `Next: change the code; ${again} --watch runs at every save, ` +
        `deno task hint ${name} gives a hint`,
      ];
  }
}
