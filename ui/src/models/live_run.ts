/** Follows one submission: from its report when there is one, else from its events as they happen. */
import { type Signal, signal } from "@preact/signals";
import type { SubmissionDetail } from "@contract/api.ts";
import type { SubmissionEvent } from "@contract/events.ts";
import type { Api, EventStream } from "../api.ts";
import { keepOpen } from "./keep_open.ts";
import { loadResource, type Resource } from "./resource.ts";
import { advanceRun, NEW_RUN, runOfReport, type RunView } from "./run_view.ts";

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
  { onFinished, retryMs }: LiveRunOptions,
) {
  let stream: EventStream | undefined;
  let lastEventId = 0;

  function receive(event: SubmissionEvent, eventId: number) {
    // A stream that was opened anew begins with what is known already; places in the queue have no number.
    if (event.kind !== "queued" && eventId <= lastEventId) return;
    lastEventId = eventId;
    run.value = advanceRun(run.value, event);
    if (event.kind === "run_finished" || event.kind === "canceled") {
      stream?.close();
      onFinished?.();
    }
  }

  function start({ state, queue, attempt }: SubmissionDetail) {
    if (stream !== undefined) return;
    const phase = state === "running" ? "running" : "queued";
    run.value = { ...NEW_RUN, phase, queue, attempt };
    stream = keepOpen((onRefused) =>
      api.events(id, {
        onEvent: receive,
        // Not left to the next event: a long stage says nothing for a while.
        onOpen: () => isConnected.value = true,
        onBreak(isFinal) {
          isConnected.value = false;
          if (isFinal) onRefused();
        },
      }), { retryMs });
  }

  return { start, stop: () => stream?.close() };
}
