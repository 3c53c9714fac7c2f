/** Stages with their checks, as far as the run has come. */
import type { CheckView, StageView } from "../models/run_view.ts";
import { CHECK_LOOKS, STAGE_LOOKS } from "./statuses.ts";
import { Status } from "./Status.tsx";
import { StatusShape } from "./StatusShape.tsx";

export function CheckList({ stages }: { stages: readonly StageView[] }) {
  return (
    <ol class="grid border-t border-rule">
      {stages.map((stage) => (
        <li
          key={stage.number}
          class="grid gap-x-6 gap-y-1 border-b border-rule py-3 sm:grid-cols-[16rem_1fr]"
        >
          <h3 class="font-semibold">
            {stage.number} {stage.title}
            <span class="block font-sans text-sm font-normal text-soft">
              <Status look={STAGE_LOOKS[stage.status]} />
            </span>
          </h3>
          {stage.status === "skipped"
            ? (
              <p class="text-faint">
                {stage.checks.length} checks, after the stages before
              </p>
            )
            : (
              <ul class="grid gap-1">
                {stage.checks.map((check) => (
                  <CheckRow key={check.id} check={check} />
                ))}
              </ul>
            )}
        </li>
      ))}
    </ol>
  );
}

function CheckRow({ check }: { check: CheckView }) {
  const look = CHECK_LOOKS[check.status];
  const { report } = check;
  return (
    <li class="flex items-baseline gap-2">
      <span class="translate-y-0.5">
        <StatusShape shape={look.shape} tone={look.tone} />
      </span>
      <span class="font-mono text-sm whitespace-nowrap text-faint">
        {check.id}
      </span>
      <span class={check.status === "skipped" ? "text-faint" : undefined}>
        {check.title !== check.id && check.title}
        <span class="sr-only">: {look.word}</span>
      </span>
      {report && report.wallMs > 0 && (
        <span class="ml-auto text-sm whitespace-nowrap text-faint tabular-nums">
          {report.attempts > 1 && `${report.attempts} tries · `}
          {Math.round(report.wallMs)} ms
        </span>
      )}
    </li>
  );
}
