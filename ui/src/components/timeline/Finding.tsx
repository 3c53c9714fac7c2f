/** What the trace shows, in one sentence. */
import type { StaleReads } from "../../models/timeline/stale_reads.ts";
import { Button } from "../Button.tsx";

interface FindingProps {
  readonly stale: StaleReads;
  readonly onSelect: (row: number) => void;
}

export function Finding({ stale, onSelect }: FindingProps) {
  const { resource, value, instances, readCount, reads, writes } = stale;
  const who = instances.length > 1
    ? instances.join(" and ")
    : `Requests on ${instances[0]}`;
  const often = readCount > instances.length
    ? `, ${readCount} times in all,`
    : "";
  return (
    <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-l-8 border-signal bg-tint px-4 py-3">
      <p class="min-w-0 text-lg [overflow-wrap:anywhere]">
        <strong>{who} read</strong>
        {often} {value !== undefined && (
          <>
            <mark class="bg-signal px-1 font-mono text-on-signal">
              {value}
            </mark>
            {" from "}
          </>
        )}
        <code>{resource}</code>{" "}
        <strong>before any write of it took effect.</strong>
      </p>
      <div class="flex gap-2">
        <Button onClick={() => onSelect(reads[0]!.lastRow)}>
          The first read
        </Button>
        <Button onClick={() => onSelect(writes[0]!.firstRow)}>
          The first write
        </Button>
      </div>
    </div>
  );
}
