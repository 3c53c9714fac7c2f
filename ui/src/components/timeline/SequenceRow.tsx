/** One row of the evidence. */
import type { StaleReads } from "../../models/timeline/stale_reads.ts";
import type { Span, TimelineRow } from "../../models/timeline/types.ts";
import { KindMark, KINDS } from "./kinds.tsx";
import { laneColour, laneName } from "./lanes.ts";
import { milliseconds } from "./milliseconds.ts";
import type { SequenceGrid } from "./sequence_grid.ts";

interface SequenceRowProps {
  readonly id: string;
  readonly row: TimelineRow;
  readonly span: Span | undefined;
  readonly grid: SequenceGrid;
  readonly isSelected: boolean;
  /** Belongs to the same span as the selected row. */
  readonly isRelated: boolean;
  /** Touches the same key or table as the selected row. */
  readonly isSameResource: boolean;
  readonly stale: StaleReads | undefined;
  readonly onHover: () => void;
  readonly onSelect: (row: number) => void;
}

export function SequenceRow(props: SequenceRowProps) {
  const { id, row, span, grid, stale } = props;
  const line = grid.line(row.index);
  const isStale = row.role === "end" && span !== undefined &&
    (stale?.reads.includes(span) ?? false);
  return (
    <>
      {row.quietMs !== undefined && (
        <div
          aria-hidden="true"
          class="sequence-quiet"
          style={{ gridRow: line - 1 }}
        >
          {milliseconds(row.quietMs)} pass
        </div>
      )}
      <div
        id={id}
        role="option"
        aria-selected={props.isSelected}
        class="sequence-row"
        data-kind={row.kind}
        data-role={row.role}
        data-related={props.isRelated}
        data-same={props.isSameResource}
        style={{ gridRow: line }}
        onMouseEnter={props.onHover}
        onClick={() => props.onSelect(row.index)}
      >
        <span class="sequence-time">
          {row.atMs.toFixed(1)}
          <span class="sr-only">
            ms, {laneName(row.instance)}, {KINDS[row.kind].name}
          </span>
        </span>
        <span
          class={`sequence-text ${laneColour(row.instance)}`}
          data-lane={row.instance ?? "·"}
          style={grid.textStyle(row.lane)}
        >
          <KindMark
            kind={row.kind}
            text={row.text}
            isHollow={row.role === "end"}
          />
          <span class={isStale ? "stale-value" : "sequence-words"}>
            {row.text}
          </span>
          {row.count > 1 && <Count count={row.count} />}
          {row.role === "start" && span?.held && (
            <span class="held-chip">
              held {milliseconds(span.held.heldMs)}
            </span>
          )}
        </span>
      </div>
    </>
  );
}

function Count({ count }: { count: number }) {
  return (
    <span class="count-chip">
      <span aria-hidden="true">× {count}</span>
      <span class="sr-only">, {count} times</span>
    </span>
  );
}
