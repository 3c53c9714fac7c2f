/** The path of workshops, and what to do next. */
import { useEffect } from "preact/hooks";
import type { WorkshopSummary } from "@contract/api.ts";
import { useApp } from "../app_context.ts";
import { Empty } from "../components/Empty.tsx";
import { Loaded } from "../components/Loaded.tsx";
import { NextStepCard } from "../components/NextStepCard.tsx";
import { useModel } from "../components/use_model.ts";
import { WorkshopRow } from "../components/WorkshopRow.tsx";
import { nextStep } from "../models/next_step.ts";
import { loadResource } from "../models/resource.ts";

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
  const stages = workshops.flatMap((workshop) => workshop.stages);
  const passed = stages.filter(({ status }) => status === "passed").length;
  const next = nextStep(workshops);
  return (
    <>
      <div class="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <div>
          <h1 class="text-4xl font-bold">Workshops</h1>
          <p class="text-soft">
            {passed} of {stages.length} stages passed
          </p>
        </div>
      </div>
      <NextStepCard next={next} />
      <ol class="mt-8 border-t-4 border-ink">
        {workshops.map((workshop) => (
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
