/** The bars of one kind in one lane. */
import type { Bar, Layer } from "../../models/timeline/overview.ts";
import type { TimeAxis } from "../../models/timeline/time_axis.ts";
import { KINDS } from "./kinds.tsx";
import type { OverviewProps } from "./OverviewChart.tsx";
import { milliseconds } from "./milliseconds.ts";

interface OverviewLayerProps extends OverviewProps {
  readonly layer: Layer;
  readonly axis: TimeAxis;
}

/** The more bars stand in a layer, the thinner they get; the thin ones lose their words. */
const LAYER_PX = 60;
const STEP_PX_MIN = 6;
const STEP_PX_MAX = 18;
const WORDS_PX_MIN = 15;

export function OverviewLayer({ layer, ...props }: OverviewLayerProps) {
  const stepPx = Math.max(
    STEP_PX_MIN,
    Math.min(STEP_PX_MAX, LAYER_PX / layer.trackCount),
  );
  return (
    <div class="overview-layer">
      <span class="overview-label">{KINDS[layer.kind].name}</span>
      <div
        class="relative my-0.5"
        style={{ height: `${layer.trackCount * stepPx}px` }}
      >
        {layer.bars.map((bar) => (
          <BarBox
            key={bar.span.firstRow}
            {...props}
            bar={bar}
            stepPx={stepPx}
          />
        ))}
      </div>
    </div>
  );
}

interface BarBoxProps extends OverviewProps {
  readonly bar: Bar;
  readonly axis: TimeAxis;
  readonly stepPx: number;
}

function BarBox({ bar, axis, stepPx, stale, ...props }: BarBoxProps) {
  const { span, track } = bar;
  const from = axis.position(span.startMs);
  const to = axis.position(span.endMs);
  const heldTo = span.held && axis.position(span.held.toMs);
  const isStale = stale?.reads.includes(span) ?? false;
  const isSelected = props.selected === span.firstRow ||
    props.selected === span.lastRow;
  return (
    <button
      type="button"
      tabIndex={-1}
      title={titleOf(span)}
      class={`overview-bar bar-${span.kind}`}
      data-stale={isStale}
      data-selected={isSelected}
      style={{
        left: `${from * 100}%`,
        width: `max(4px, ${(to - from) * 100}%)`,
        top: `${track * stepPx}px`,
        height: `${stepPx - (stepPx < WORDS_PX_MIN ? 1 : 2)}px`,
      }}
      onClick={() => props.onSelect(span.firstRow)}
    >
      {heldTo !== undefined && (
        <span
          class="hatched overview-held"
          style={{ width: `${(heldTo - from) / (to - from) * 100}%` }}
        />
      )}
      {stepPx >= WORDS_PX_MIN && (
        <span class="overview-words">{wordsOf(span, isStale)}</span>
      )}
    </button>
  );
}

function wordsOf(span: Bar["span"], isStale: boolean): string {
  const { text, reply, held, count } = span;
  const words = isStale
    ? reply ?? ""
    : held
    ? `held ${milliseconds(held.heldMs)}`
    : text;
  return count > 1 ? `${count} × ${words}` : words;
}

function titleOf({ text, reply, held }: Bar["span"]): string {
  const answer = reply ?? "(no answer)";
  const wait = held ? `, held ${milliseconds(held.heldMs)}` : "";
  return `${text} ${answer}${wait}`;
}
