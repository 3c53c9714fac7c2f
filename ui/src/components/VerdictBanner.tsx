/** How the run stands, in one line that is read out as it changes. */
import type { RunPhase, RunView } from "../models/run_view.ts";
import { STATE_LOOKS, type StatusLook, VERDICT_LOOKS } from "./statuses.ts";
import { StatusShape } from "./StatusShape.tsx";

interface VerdictBannerProps {
  readonly run: RunView;
  readonly isConnected: boolean;
}

const CANCELED = {
  superseded: "A newer submission took its place.",
  by_learner: "You took it back.",
} as const;

const SENTENCES: Readonly<Record<RunPhase, (run: RunView) => string>> = {
  queued: ({ queue }) =>
    queue === undefined
      ? "Waiting for a free worker."
      : `${placeOf(queue.position)}, about ${secondsOf(queue.etaMs)} to go.`,
  running: ({ stages, attempt }) => {
    const stage = stages.find(({ status }) => status === "running");
    const again = attempt > 1
      ? ` A worker was lost, so this is try ${attempt}; it costs you nothing.`
      : "";
    return (stage === undefined
      ? "Starting your instances."
      : `Stage ${stage.number}: ${stage.title}.`) + again;
  },
  finished: ({ report }) => `${report?.summary ?? ""}.`,
  canceled: ({ canceled }) => canceled ? CANCELED[canceled] : "",
};

export function VerdictBanner({ run, isConnected }: VerdictBannerProps) {
  const look = lookOf(run);
  return (
    <div role="status" class={`verdict verdict-${look.tone}`}>
      <p class="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <strong class="inline-flex items-center gap-2 font-sign text-2xl font-semibold">
          <StatusShape shape={look.shape} tone={look.tone} />
          {look.word}
        </strong>
        <span>{SENTENCES[run.phase](run)}</span>
      </p>
      {!isConnected && (
        <p class="mt-1 text-sm">
          The live connection broke; it is being mended and nothing is lost.
        </p>
      )}
    </div>
  );
}

function lookOf({ phase, report }: RunView): StatusLook {
  return report === undefined
    ? STATE_LOOKS[phase]
    : VERDICT_LOOKS[report.verdict];
}

function placeOf(position: number): string {
  return position <= 1
    ? "Next in the queue"
    : `Number ${position} in the queue`;
}

function secondsOf(durationMs: number): string {
  return `${Math.max(1, Math.round(durationMs / 1000))} s`;
}
