/** Every row in the order in which it happened: a column per lane, spans as bars beside the text. */
import type { Signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { resourceAt } from "../../models/timeline/resources.ts";
import type { StaleReads } from "../../models/timeline/stale_reads.ts";
import type { Timeline } from "../../models/timeline/types.ts";
import { laneColour, laneName } from "./lanes.ts";
import { gridOf } from "./sequence_grid.ts";
import { SequenceRow } from "./SequenceRow.tsx";
import { SpanBar } from "./SpanBar.tsx";
import { rowAfterKey } from "./row_after_key.ts";

/** Longer traces scroll in a box of their own, between the overview and the detail of the selected row. */
const PAGE_ROWS_MAX = 80;

interface SequenceProps {
  readonly timeline: Timeline;
  readonly stale: StaleReads | undefined;
  readonly selected: number;
  /** The row under the pointer; written here, read elsewhere, so that hovering redraws no rows. */
  readonly hovered: Signal<number | undefined>;
  readonly onSelect: (row: number) => void;
}

export function Sequence(props: SequenceProps) {
  const { timeline, stale, selected, hovered, onSelect } = props;
  const id = useId();
  const grid = gridOf(timeline);
  const spanIndex = timeline.rows[selected]?.spanIndex;
  const resource = resourceAt(timeline, selected);
  const isFirstDrawing = useRef(true);
  useEffect(() => {
    // Opening a page must not scroll it; moving through the rows must.
    if (isFirstDrawing.current) isFirstDrawing.current = false;
    else showRow(`${id}-${selected}`);
  }, [selected]);

  function onKeyDown(event: KeyboardEvent) {
    const row = rowAfterKey(event.key, timeline, selected);
    if (row === undefined) return;
    event.preventDefault();
    onSelect(row);
  }

  return (
    <div
      class="sequence-box"
      data-long={timeline.rows.length > PAGE_ROWS_MAX}
    >
      <div
        role="listbox"
        tabIndex={0}
        aria-label="Rows of the evidence, in order of time"
        aria-activedescendant={`${id}-${selected}`}
        class="sequence"
        style={grid.style}
        onKeyDown={onKeyDown}
        onMouseLeave={() => hovered.value = undefined}
      >
        <div
          aria-hidden="true"
          class="sequence-corner"
          style={{ gridRow: `1 / ${grid.lastLine}` }}
        >
          <span class="sequence-lane-name" />
        </div>
        {timeline.lanes.map(({ instance }, lane) => (
          <div
            key={lane}
            aria-hidden="true"
            class={`sequence-lane ${laneColour(instance)}`}
            style={{ ...grid.laneStyle(lane), gridRow: `1 / ${grid.lastLine}` }}
          >
            <span class="sequence-lane-name">
              <span class="wide-only">{laneName(instance)}</span>
              <span class="narrow-only">{instance ?? "Lab"}</span>
            </span>
          </div>
        ))}
        {timeline.spans.map((span, index) => (
          <SpanBar
            key={span.firstRow}
            span={span}
            grid={grid}
            colour={laneColour(timeline.lanes[span.lane]!.instance)}
            isSelected={index === spanIndex}
            isStale={stale?.reads.includes(span) ?? false}
          />
        ))}
        {timeline.rows.map((row) => (
          <SequenceRow
            key={row.index}
            id={`${id}-${row.index}`}
            row={row}
            span={row.spanIndex === undefined
              ? undefined
              : timeline.spans[row.spanIndex]}
            grid={grid}
            isSelected={row.index === selected}
            isRelated={row.spanIndex !== undefined &&
              row.spanIndex === spanIndex}
            isSameResource={resource !== undefined &&
              resource === resourceAt(timeline, row.index)}
            stale={stale}
            onHover={() => hovered.value = row.index}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
}

function showRow(id: string) {
  document.getElementById(id)?.scrollIntoView({ block: "nearest" });
}
