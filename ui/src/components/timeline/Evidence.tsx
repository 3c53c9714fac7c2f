/** The evidence trace: the finding, the time axis, and every row in order, as drawing or as table. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { TraceRow } from "@contract/trace.ts";
import {
  createEvidence,
  type EvidenceView,
} from "../../models/timeline/evidence.ts";
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
  const evidence = useMemo(() => createEvidence(trace), [trace]);
  const view = useSignal<keyof typeof VIEWS>("timeline");
  const stale = evidence.stale.value;
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
      {stale && (
        <Finding
          stale={stale}
          onSelect={(row) => evidence.selected.value = row}
        />
      )}
      {view.value === "table"
        ? <TraceTable timeline={evidence.whole} />
        : <Drawing evidence={evidence} />}
    </section>
  );
}

function Drawing({ evidence }: { evidence: EvidenceView }) {
  const timeline = evidence.timeline.value;
  const shared = {
    timeline,
    stale: evidence.stale.value,
    selected: evidence.selected.value,
    hovered: evidence.hovered,
    onSelect: (row: number) => evidence.selected.value = row,
  };
  return (
    <>
      {timeline.spans.length > 0 && <OverviewChart {...shared} />}
      {evidence.foldedCount > 0 && <FoldNote evidence={evidence} />}
      <div class="border border-rule bg-sheet">
        <Sequence {...shared} />
        <RowDetail {...shared} />
      </div>
      <Legend timeline={timeline} />
    </>
  );
}

function FoldNote({ evidence }: { evidence: EvidenceView }) {
  const { whole, foldedCount, isWhole, toggleWhole } = evidence;
  return (
    <p class="flex flex-wrap items-center gap-3 text-sm text-soft">
      <Button onClick={toggleWhole}>
        {isWhole.value ? "Fold repeats" : `Show all ${whole.rows.length} rows`}
      </Button>
      {!isWhole.value &&
        `${foldedCount} are folded: repeats, and what came before the check`}
    </p>
  );
}
