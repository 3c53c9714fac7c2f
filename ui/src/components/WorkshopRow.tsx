/** A workshop on the path. */
import type { WorkshopSummary } from "@contract/api.ts";
import { Trestle } from "./Trestle.tsx";
import { WorkshopMeta } from "./WorkshopMeta.tsx";

interface WorkshopRowProps {
  readonly workshop: WorkshopSummary;
  readonly all: readonly WorkshopSummary[];
  readonly isNext: boolean;
}

export function WorkshopRow({ workshop, all, isNext }: WorkshopRowProps) {
  const { slug, number, title, summary, stages } = workshop;
  const passed = stages.filter(({ status }) => status === "passed").length;
  return (
    <li class="relative grid grid-cols-[3rem_1fr] gap-x-2 border-b border-rule py-3 hover:bg-sheet sm:grid-cols-[4.5rem_1fr_15rem] sm:gap-x-4">
      <span
        aria-hidden="true"
        class="font-sign text-3xl leading-none font-bold text-faint"
      >
        {number}
      </span>
      <div class="min-w-0">
        <h2 class="text-xl font-semibold">
          <a
            href={`/workshops/${slug}`}
            class="no-underline before:absolute before:inset-0"
          >
            <span class="sr-only">{number}</span> {title}
          </a>
          {isNext && (
            <span class="ml-2 bg-signal px-1.5 py-0.5 font-sans text-xs font-semibold text-on-signal">
              next
            </span>
          )}
        </h2>
        <p class="max-w-3xl text-soft">{summary}</p>
        <WorkshopMeta workshop={workshop} all={all} />
      </div>
      <div class="col-start-2 mt-2 sm:col-start-3 sm:mt-1">
        <Trestle stages={stages} />
        <p class="text-sm text-soft">
          {passed === stages.length
            ? "All stages passed"
            : `${passed} of ${stages.length} stages`}
        </p>
      </div>
    </li>
  );
}
