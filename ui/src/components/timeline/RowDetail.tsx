/** Everything about the row under the pointer, else about the selected one. */
import type { ReadonlySignal } from "@preact/signals";
import type { Timeline } from "../../models/timeline/types.ts";
import { KindMark, KINDS } from "./kinds.tsx";
import { laneColour, laneName } from "./lanes.ts";
import { milliseconds } from "./milliseconds.ts";

interface RowDetailProps {
  readonly timeline: Timeline;
  readonly selected: number;
  readonly hovered: ReadonlySignal<number | undefined>;
}

export function RowDetail({ timeline, selected, hovered }: RowDetailProps) {
  const index = hovered.value ?? selected;
  const row = timeline.rows[index];
  if (row === undefined) return null;
  const span = row.spanIndex === undefined
    ? undefined
    : timeline.spans[row.spanIndex];
  return (
    <div class="row-detail">
      <p class="flex flex-wrap items-center gap-x-3 text-sm text-soft">
        <span
          class={`inline-flex items-center gap-1.5 font-semibold ${
            laneColour(row.instance)
          }`}
        >
          <KindMark kind={row.kind} text={row.text} />
          {laneName(row.instance)}
        </span>
        <span>{KINDS[row.kind].name}</span>
        <span>at {milliseconds(row.atMs)}</span>
        {row.count > 1 && <span>{row.count} equal rows from here on</span>}
        {span && span.reply !== undefined && (
          <span>took {milliseconds(span.endMs - span.startMs)}</span>
        )}
        {span?.held && (
          <span>
            {milliseconds(span.held.heldMs)} of it held by the lab
          </span>
        )}
        <span class="ml-auto">
          {index + 1} of {timeline.rows.length}
          <span class="wide-only ml-2">· ↑↓ rows, ←→ call and answer</span>
        </span>
      </p>
      <p class="font-mono text-[0.9em] [overflow-wrap:anywhere]">
        {span === undefined
          ? row.text
          : `${span.text} ${span.reply ?? "(no answer came)"}`}
      </p>
    </div>
  );
}
