/** One workshop: its bridge of stages, and one of its views below. */
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import type { WorkshopDetail } from "@contract/api.ts";
import { useApp } from "../app_context.ts";
import { BriefPanel } from "../components/BriefPanel.tsx";
import { Loaded } from "../components/Loaded.tsx";
import { Markdown } from "../components/Markdown.tsx";
import { StageTrestle } from "../components/StageTrestle.tsx";
import { useModel } from "../components/use_model.ts";
import { WorkshopHead } from "../components/WorkshopHead.tsx";
import { WorkshopViews } from "../components/WorkshopViews.tsx";
import { createHistory, type History } from "../models/history.ts";
import { loadResource } from "../models/resource.ts";
import { HistoryPanel } from "../components/HistoryPanel.tsx";
import { LatestRun } from "../components/LatestRun.tsx";
import { StagePanel } from "../components/StagePanel.tsx";
import { NotFound } from "./NotFound.tsx";

export function WorkshopPage() {
  const { api } = useApp();
  const { slug = "", view = "run", stage } = useRoute().params;
  const detail = useModel(
    () => loadResource((abort) => api.workshop(slug, abort)),
    [slug],
  );
  const history = useModel(() => createHistory(api, { workshop: slug }), [
    slug,
  ]);
  useEffect(() => void (document.title = `${slug} · Trestle`), [slug]);
  return (
    <Loaded
      resource={detail.state.value}
      reload={detail.reload}
      what="the workshop"
    >
      {(workshop) => {
        const View = VIEWS[view as keyof typeof VIEWS];
        return (
          <div class="grid grid-cols-1 gap-6">
            <WorkshopHead workshop={workshop} />
            <StageTrestle
              slug={slug}
              stages={workshop.stages}
              current={stage === undefined ? undefined : Number(stage)}
            />
            <WorkshopViews workshop={workshop} current={view} />
            {View === undefined ? <NotFound /> : (
              <View
                workshop={workshop}
                history={history}
                stage={stage === undefined ? undefined : Number(stage)}
                onFinished={detail.reload}
              />
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

interface ViewProps {
  readonly workshop: WorkshopDetail;
  readonly history: History;
  readonly stage: number | undefined;
  readonly onFinished: () => void;
}

const VIEWS: Readonly<Record<string, (props: ViewProps) => JSX.Element>> = {
  run: ({ workshop, history, onFinished }) => (
    <LatestRun
      workshop={workshop}
      history={history}
      onFinished={onFinished}
    />
  ),
  brief: ({ workshop }) => (
    <BriefPanel brief={workshop.brief} slug={workshop.slug} />
  ),
  stages: ({ workshop, stage }) => (
    <StagePanel workshop={workshop} number={stage} />
  ),
  history: ({ workshop, history }) => (
    <HistoryPanel history={history} submitLine={submitLine(workshop)} />
  ),
  debrief: ({ workshop }) =>
    workshop.debrief === undefined ? <NotFound /> : (
      <Markdown
        text={workshop.debrief}
        folder={`solutions/${workshop.slug}`}
      />
    ),
};

function submitLine({ number }: WorkshopDetail): string {
  return `deno task submit ${Number(number)}`;
}
