/** The newest submission of a workshop, as it happens. */
import type { WorkshopDetail } from "@contract/api.ts";
import { useApp } from "../app_context.ts";
import type { History } from "../models/history.ts";
import { createLiveRun } from "../models/live_run.ts";
import { Command } from "./Command.tsx";
import { Empty } from "./Empty.tsx";
import { Loaded } from "./Loaded.tsx";
import { RunPanel } from "./RunPanel.tsx";
import { useModel } from "./use_model.ts";
import { When } from "./When.tsx";

interface LatestRunProps {
  readonly workshop: WorkshopDetail;
  readonly history: History;
  readonly onFinished: () => void;
}

export function LatestRun({ workshop, history, onFinished }: LatestRunProps) {
  return (
    <Loaded
      resource={history.state.value}
      reload={history.reload}
      what="the last run"
    >
      {([newest]) =>
        newest === undefined
          ? <HowToSubmit number={Number(workshop.number)} />
          : (
            <Run
              key={newest.id}
              id={newest.id}
              slug={workshop.slug}
              onFinished={() => {
                onFinished();
                void history.reload();
              }}
            />
          )}
    </Loaded>
  );
}

interface RunProps {
  readonly id: string;
  readonly slug: string;
  readonly onFinished: () => void;
}

function Run({ id, slug, onFinished }: RunProps) {
  const { api } = useApp();
  const live = useModel(() => createLiveRun(api, id, { onFinished }), [id]);
  return (
    <Loaded
      resource={live.submission.value}
      reload={live.reload}
      what="the report"
    >
      {({ receivedAt }) => (
        <div class="grid grid-cols-1 gap-3">
          <p class="text-sm text-soft">
            <a href={`/submissions/${id}`}>Your last submission</a>,{" "}
            <When time={receivedAt} />. A new one appears here by itself:{" "}
            <code>deno task submit {Number(slug.slice(0, 2))}</code>
          </p>
          <RunPanel live={live} workshop={slug} />
        </div>
      )}
    </Loaded>
  );
}

function HowToSubmit({ number }: { number: number }) {
  return (
    <Empty title="Nothing submitted yet">
      <p>
        Work on it first; this copies the stub for you and reruns on every save:
      </p>
      <Command line={`deno task workshop ${number} --watch`} />
      <p>Then send it to the grader. The run appears here as it happens:</p>
      <Command line={`deno task submit ${number}`} />
    </Empty>
  );
}
