/** Past submissions with a way to see older ones. */
import type { History } from "../models/history.ts";
import { Button } from "./Button.tsx";
import { Command } from "./Command.tsx";
import { Empty } from "./Empty.tsx";
import { Loaded } from "./Loaded.tsx";
import { SubmissionList } from "./SubmissionList.tsx";

interface HistoryPanelProps {
  readonly history: History;
  readonly submitLine: string;
}

export function HistoryPanel({ history, submitLine }: HistoryPanelProps) {
  return (
    <Loaded
      resource={history.state.value}
      reload={history.reload}
      what="the submissions"
    >
      {(submissions) =>
        submissions.length === 0
          ? (
            <Empty title="Nothing submitted yet">
              <p>Send your code to the grader:</p>
              <Command line={submitLine} />
            </Empty>
          )
          : (
            <>
              <SubmissionList submissions={submissions} />
              {history.hasMore.value && (
                <p class="mt-4">
                  <Button
                    onClick={history.loadMore}
                    isBusy={history.isLoadingMore.value}
                  >
                    Show older ones
                  </Button>
                  {history.refusal.value && (
                    <span role="alert" class="ml-3 text-fail">
                      {history.refusal.value}.
                    </span>
                  )}
                </p>
              )}
            </>
          )}
    </Loaded>
  );
}
