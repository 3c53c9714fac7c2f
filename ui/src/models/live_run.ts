/** Follows one submission: from its report when there is one, else from its events as they happen. */
import { type Signal, signal } from "@preact/signals";
import type { SubmissionDetail } from "@contract/api.ts";
import type { Api, EventStream } from "../api.ts";
import { loadResource, type Resource } from "./resource.ts";
import { advanceRun, NEW_RUN, runOfReport, type RunView } from "./run_view.ts";

/** A refused stream is asked for again after 1, 2, 4, … seconds. */
const RETRY_MS_MAX = 15_000;

export interface LiveRun {
  readonly submission: Signal<Resource<SubmissionDetail>>;
  readonly run: Signal<RunView>;
  /** False while the stream is broken; it mends itself. */
  readonly isConnected: Signal<boolean>;
  reload(): Promise<void>;
  dispose(): void;
}

export interface LiveRunOptions {
  readonly onFinished?: () => void;
  /** First wait before a refused stream is asked for again. */
  readonly retryMs?: number;
}

export function createLiveRun(
  api: Api,
  id: string,
  options: LiveRunOptions = {},
): LiveRun {
  const run = signal<RunView>(NEW_RUN);
  const isConnected = signal(true);
  const follow = createFollower(api, id, run, isConnected, options);
  const resource = loadResource(async (abort) => {
    const detail = await api.submission(id, abort);
    if (detail.report) run.value = runOfReport(detail.report, detail.attempt);
    else if (detail.state === "canceled") {
      run.value = { ...NEW_RUN, phase: "canceled" };
    } else if (detail.state !== "finished") follow.start(detail);
    return detail;
  });
  return {
    submission: resource.state,
    run,
    isConnected,
    reload: resource.reload,
    dispose() {
      resource.dispose();
      follow.stop();
    },
  };
}

function createFollower(
  api: Api,
  id: string,
  run: Signal<RunView>,
  isConnected: Signal<boolean>,
  { onFinished, retryMs = 1000 }: LiveRunOptions,
) {
  let stream: EventStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastEventId = 0;
  let waitMs = retryMs;

  function open() {
    stream = api.events(id, {
      onEvent(eventId, event) {
        isConnected.value = true;
        waitMs = retryMs;
        // A stream that was opened anew begins with what is known already.
        if (eventId <= lastEventId) return;
        lastEventId = eventId;
        run.value = advanceRun(run.value, event);
        if (event.kind === "run_finished" || event.kind === "canceled") {
          stop();
          onFinished?.();
        }
      },
      onBreak(isFinal) {
        isConnected.value = false;
        if (!isFinal) return;
        timer = setTimeout(open, waitMs);
        waitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
      },
    });
  }

  function start({ state, queue, attempt }: SubmissionDetail) {
    if (stream !== undefined) return;
    const phase = state === "running" ? "running" : "queued";
    run.value = { ...NEW_RUN, phase, queue, attempt };
    open();
  }

  function stop() {
    stream?.close();
    clearTimeout(timer);
  }

  return { start, stop };
}
