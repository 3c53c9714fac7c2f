/** A span as a bar from its call to its answer, hatched for as long as it was held. */
import type { Span } from "../../models/timeline/types.ts";
import type { SequenceGrid } from "./sequence_grid.ts";

interface SpanBarProps {
  readonly span: Span;
  readonly grid: SequenceGrid;
  readonly colour: string;
  readonly isSelected: boolean;
  readonly isStale: boolean;
}

export function SpanBar(props: SpanBarProps) {
  const { span, grid, colour, isSelected, isStale } = props;
  const { kind, lane, track, firstRow, lastRow, held, reply } = span;
  return (
    <>
      <SpanPart
        {...{ grid, lane, track, firstRow, lastRow }}
        className={`${colour} bar-${kind}`}
        isSelected={isSelected}
        isStale={isStale}
        isOpen={reply === undefined}
      />
      {held && (
        <SpanPart
          {...{ grid, lane, track, firstRow, lastRow: held.untilRow }}
          className={`${colour} hatched bar-held`}
          isSelected={isSelected}
        />
      )}
    </>
  );
}

interface SpanPartProps {
  readonly grid: SequenceGrid;
  readonly lane: number;
  readonly track: number;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly className: string;
  readonly isSelected: boolean;
  readonly isStale?: boolean;
  readonly isOpen?: boolean;
}

function SpanPart(props: SpanPartProps) {
  const { grid, lane, track, firstRow, lastRow } = props;
  return (
    <div
      aria-hidden="true"
      class={`sequence-bar ${props.className}`}
      data-selected={props.isSelected}
      data-stale={props.isStale}
      data-open={props.isOpen}
      style={{
        ...grid.barsStyle(lane),
        "--track": String(track),
        gridRow: `${grid.line(firstRow)} / ${grid.line(lastRow) + 1}`,
      }}
    />
  );
}
