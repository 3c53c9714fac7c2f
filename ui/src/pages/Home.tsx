/** The path of workshops, and what to do next. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { WorkshopSummary } from "@contract/api.ts";
import type { Level } from "@contract/manifest.ts";
import { useApp } from "../app_context.ts";
import { Empty } from "../components/Empty.tsx";
import { LEVELS } from "../components/levels.ts";
import { Loaded } from "../components/Loaded.tsx";
import { NextStepCard } from "../components/NextStepCard.tsx";
import { Switch } from "../components/Switch.tsx";
import { useModel } from "../components/use_model.ts";
import { WorkshopRow } from "../components/WorkshopRow.tsx";
import { nextStep } from "../models/next_step.ts";
import { loadResource } from "../models/resource.ts";
import { workshopsOnPath } from "../models/study_path.ts";

export function Home() {
  const { api } = useApp();
  const list = useModel(() => loadResource(api.workshops), []);
  useEffect(() => void (document.title = "Workshops · Trestle"), []);
  return (
    <Loaded
      resource={list.state.value}
      reload={list.reload}
      what="the workshops"
    >
      {({ workshops }) =>
        workshops.length === 0
          ? (
            <Empty title="No workshops were found">
              <p>
                The server reads them from its <code>workshops/</code>{" "}
                folder. Start it from the root of the repository.
              </p>
            </Empty>
          )
          : <Path workshops={workshops} />}
    </Loaded>
  );
}

function Path({ workshops }: { workshops: readonly WorkshopSummary[] }) {
  const path = useSignal<Level>("staff");
  const shown = workshopsOnPath(workshops, path.value);
  const next = nextStep(shown);
  return (
    <>
      <div class="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <div>
          <h1 class="text-4xl font-bold">Workshops</h1>
          <p class="text-soft">{summaryOf(shown)}</p>
        </div>
        <Switch
          legend="Study path; each contains the one before"
          options={LEVELS}
          value={path.value}
          onChange={(level) => path.value = level}
        />
      </div>
      <NextStepCard next={next} />
      <ol class="mt-8 border-t-4 border-ink">
        {shown.map((workshop) => (
          <WorkshopRow
            key={workshop.slug}
            workshop={workshop}
            all={workshops}
            isNext={workshop === next?.workshop}
          />
        ))}
      </ol>
    </>
  );
}

function summaryOf(workshops: readonly WorkshopSummary[]): string {
  const stages = workshops.flatMap((workshop) => workshop.stages);
  const passed = stages.filter(({ status }) => status === "passed").length;
  const hours = workshops.reduce((sum, workshop) => sum + workshop.hours, 0);
  return `${passed} of ${stages.length} stages passed, about ${hours} hours in all`;
}
