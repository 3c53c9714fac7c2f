/** The workshop's stages as a bridge to walk over: each bay leads to its stage. */
import type { StageProgress } from "@contract/api.ts";
import { PROGRESS_LOOKS } from "./statuses.ts";
import { Status } from "./Status.tsx";

interface StageTrestleProps {
  readonly slug: string;
  readonly stages: readonly StageProgress[];
  readonly current?: number;
}

export function StageTrestle({ slug, stages, current }: StageTrestleProps) {
  return (
    <nav aria-label="Stages">
      <ol class="grid border-ink lg:grid-flow-col lg:auto-cols-fr lg:border-t-4">
        {stages.map((stage) => (
          <li key={stage.number} class="bay" data-status={stage.status}>
            <svg
              viewBox="0 0 100 30"
              preserveAspectRatio="none"
              aria-hidden="true"
              class="hidden h-8 w-full shrink-0 lg:block"
            >
              <path d="M0 0 100 30M100 0 0 30" class="brace-first" />
              <path d="M100 0 0 30" class="brace-second" />
            </svg>
            <a
              href={`/workshops/${slug}/stages/${stage.number}`}
              aria-current={stage.number === current ? "step" : undefined}
              class="flex grow items-baseline gap-x-2 px-2 py-1.5 no-underline hover:bg-sheet aria-[current]:bg-tint lg:block"
            >
              <span class="font-sign font-semibold">
                {stage.number} <span class="lg:hidden">·</span> {stage.title}
              </span>
              <span class="ml-auto block text-sm text-soft">
                <Status look={PROGRESS_LOOKS[stage.status]} />
              </span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
