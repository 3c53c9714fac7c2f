/** The evidence trace: the finding, the time axis, and every row in order, as drawing or as table. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { TraceRow } from "@contract/trace.ts";
import { countSetUpRows } from "../../models/set_up.ts";
import { findStaleReads } from "../../models/stale_reads.ts";
import { layOutTimeline } from "../../models/timeline.ts";
import { Button } from "../Button.tsx";
import { CopyButton } from "../CopyButton.tsx";
import { Switch } from "../Switch.tsx";
import { Finding } from "./Finding.tsx";
import { Legend } from "./Legend.tsx";
import { OverviewChart } from "./OverviewChart.tsx";
import { RowDetail } from "./RowDetail.tsx";
import { Sequence } from "./Sequence.tsx";
import { TraceTable } from "./TraceTable.tsx";

const VIEWS = { timeline: "Timeline", table: "Table" } as const;

export function Evidence({ trace }: { trace: readonly TraceRow[] }) {
  const isWhole = useSignal(false);
  const setUpRows = countSetUpRows(trace);
  const timeline = useMemo(
    () => layOutTimeline(isWhole.value ? trace : trace.slice(setUpRows)),
    [trace, isWhole.value],
  );
  const stale = useMemo(() => findStaleReads(timeline), [timeline]);
  const selected = useSignal(stale?.reads[0]?.lastRow ?? 0);
  const hovered = useSignal<number | undefined>(undefined);
  const view = useSignal<keyof typeof VIEWS>("timeline");
  const select = (row: number) => selected.value = row;

  function showWhole() {
    isWhole.value = true;
    selected.value += setUpRows;
  }

  return (
    <section aria-label="Evidence" class="grid grid-cols-1 gap-4">
      <div class="flex flex-wrap items-center justify-between gap-2">
        <h3 class="text-2xl font-semibold">What happened, in order</h3>
        <div class="flex gap-2">
          <CopyButton
            text={JSON.stringify(trace, null, 2)}
            what="the evidence as JSON"
          />
          <Switch
            legend="Show the evidence as"
            options={VIEWS}
            value={view.value}
            onChange={(value) => view.value = value}
          />
        </div>
      </div>
      {stale && <Finding stale={stale} onSelect={select} />}
      {view.value === "table" ? <TraceTable timeline={timeline} /> : (
        <>
          {timeline.spans.length > 0 && (
            <OverviewChart
              timeline={timeline}
              stale={stale}
              selected={selected.value}
              onSelect={select}
            />
          )}
          {setUpRows > 0 && !isWhole.value && (
            <p class="text-sm text-soft">
              <Button onClick={showWhole}>
                Show what came before
              </Button>{" "}
              {setUpRows} rows of the instances getting ready
            </p>
          )}
          <div class="border border-rule bg-sheet">
            <Sequence
              timeline={timeline}
              stale={stale}
              selected={selected.value}
              hovered={hovered}
              onSelect={select}
            />
            <RowDetail
              timeline={timeline}
              selected={selected.value}
              hovered={hovered}
            />
          </div>
          <Legend timeline={timeline} />
        </>
      )}
    </section>
  );
}
