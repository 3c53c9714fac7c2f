/** What the shapes mean: only those that occur. */
import type { Timeline } from "../../models/timeline/types.ts";
import { KindMark, KINDS } from "./kinds.tsx";

export function Legend({ timeline }: { timeline: Timeline }) {
  const kinds = [...new Set(timeline.rows.map(({ kind }) => kind))];
  const hasHeld = timeline.spans.some(({ held }) => held !== undefined);
  return (
    <ul
      aria-label="Legend"
      class="flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft"
    >
      {kinds.map((kind) => (
        <li key={kind} class="flex items-center gap-1.5">
          <KindMark kind={kind} /> {KINDS[kind].name}
        </li>
      ))}
      {hasHeld && (
        <li class="flex items-center gap-1.5">
          <span class="hatched h-3 w-6 border border-current" />{" "}
          held back by the lab
        </li>
      )}
    </ul>
  );
}
