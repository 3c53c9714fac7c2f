/** One submission: its report, or its run as it happens, and its files. */
import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { useApp } from "../app_context.ts";
import { Files } from "../components/Files.tsx";
import { Loaded } from "../components/Loaded.tsx";
import { RunPanel } from "../components/RunPanel.tsx";
import { useModel } from "../components/use_model.ts";
import { When } from "../components/When.tsx";
import { createLiveRun } from "../models/live_run.ts";

export function SubmissionPage() {
  const { api } = useApp();
  const { id = "" } = useRoute().params;
  const live = useModel(() => createLiveRun(api, id), [id]);
  useEffect(() => void (document.title = `Submission ${id} · Trestle`), [id]);
  return (
    <Loaded
      resource={live.submission.value}
      reload={live.reload}
      what="the report"
    >
      {({ workshop, receivedAt, files }) => (
        <div class="grid grid-cols-1 gap-8">
          <header>
            <p class="text-soft">
              <a href={`/workshops/${workshop}`}>{workshop}</a> ·{" "}
              <span class="font-mono text-sm">{id}</span>
            </p>
            <h1 class="text-4xl font-bold">
              Submission of <When time={receivedAt} />
            </h1>
          </header>
          <RunPanel live={live} workshop={workshop} />
          <Files files={files} />
        </div>
      )}
    </Loaded>
  );
}
