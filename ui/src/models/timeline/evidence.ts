/** One trace, as its reader looks at it: folded or whole, with one row selected. */
import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { TraceRow } from "@contract/trace.ts";
import { foldRepeats } from "./fold_repeats.ts";
import { layOutTimeline } from "./lay_out.ts";
import { countSetUpRows } from "./set_up.ts";
import { findStaleReads, type StaleReads } from "./stale_reads.ts";
import type { Timeline } from "./types.ts";

export interface EvidenceView {
  /** Every row, whatever is drawn. */
  readonly whole: Timeline;
  /** What is drawn. */
  readonly timeline: ReadonlySignal<Timeline>;
  readonly stale: ReadonlySignal<StaleReads | undefined>;
  /** Rows that folding hides; 0 when there is nothing to fold. */
  readonly foldedCount: number;
  readonly isWhole: ReadonlySignal<boolean>;
  readonly selected: Signal<number>;
  /** The row under the pointer. */
  readonly hovered: Signal<number | undefined>;
  toggleWhole(): void;
}

export function createEvidence(trace: readonly TraceRow[]): EvidenceView {
  const whole = layOutTimeline(trace);
  const folded = foldRepeats(
    layOutTimeline(trace.slice(countSetUpRows(trace))),
  );
  const isWhole = signal(false);
  const timeline = computed(() => isWhole.value ? whole : folded);
  const stale = computed(() => findStaleReads(timeline.value));
  const mostTelling = () => stale.value?.reads[0]?.lastRow ?? 0;
  const selected = signal(mostTelling());
  const hovered = signal<number | undefined>(undefined);
  return {
    whole,
    timeline,
    stale,
    foldedCount: whole.rows.length - folded.rows.length,
    isWhole,
    selected,
    hovered,
    toggleWhole() {
      isWhole.value = !isWhole.value;
      hovered.value = undefined;
      selected.value = mostTelling();
    },
  };
}
