/** The evidence trace: the finding, the time axis, and every row in order, as drawing or as table. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { TraceRow } from "@contract/trace.ts";
import { findStaleReads } from "../../models/stale_reads.ts";
import { layOutTimeline } from "../../models/timeline.ts";
import { Finding } from "./Finding.tsx";
import { Legend } from "./Legend.tsx";
import { OverviewChart } from "./OverviewChart.tsx";
import { RowDetail } from "./RowDetail.tsx";
import { Sequence } from "./Sequence.tsx";
import { TraceTable } from "./TraceTable.tsx";

export function Evidence({ trace }: { trace: readonly TraceRow[] }) {
  const timeline = useMemo(() => layOutTimeline(trace), [trace]);
  const stale = useMemo(() => findStaleReads(timeline), [timeline]);
  const selected = useSignal(stale?.reads[0]?.lastRow ?? 0);
  const isTable = useSignal(false);
  const select = (row: number) => selected.value = row;
  return (
    <section aria-label="Evidence" class="grid grid-cols-1 gap-4">
      <div class="flex flex-wrap items-center justify-between gap-2">
        <h3 class="text-2xl font-semibold">What happened, in order</h3>
        <ViewSwitch
          isTable={isTable.value}
          onChange={(value) => isTable.value = value}
        />
      </div>
      {stale && <Finding stale={stale} onSelect={select} />}
      {isTable.value ? <TraceTable timeline={timeline} /> : (
        <>
          <OverviewChart
            timeline={timeline}
            stale={stale}
            selected={selected.value}
            onSelect={select}
          />
          <div class="border border-rule bg-sheet">
            <Sequence
              timeline={timeline}
              stale={stale}
              selected={selected.value}
              onSelect={select}
            />
            <RowDetail timeline={timeline} selected={selected.value} />
          </div>
          <Legend timeline={timeline} />
        </>
      )}
    </section>
  );
}

interface ViewSwitchProps {
  readonly isTable: boolean;
  readonly onChange: (isTable: boolean) => void;
}

function ViewSwitch({ isTable, onChange }: ViewSwitchProps) {
  return (
    <fieldset class="flex text-sm">
      <legend class="sr-only">Show the evidence as</legend>
      {[false, true].map((value) => (
        <label key={String(value)} class="switch">
          <input
            type="radio"
            name="evidence-view"
            class="sr-only"
            checked={isTable === value}
            onChange={() => onChange(value)}
          />
          {value ? "Table" : "Timeline"}
        </label>
      ))}
    </fieldset>
  );
}
