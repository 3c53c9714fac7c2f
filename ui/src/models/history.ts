/** Submissions, newest first, page by page; new ones and new verdicts appear by themselves. */
import { type Signal, signal } from "@preact/signals";
import type { SubmissionView } from "@contract/api.ts";
import type { Api, ApiError, EventStream } from "../api.ts";
import { keepOpen } from "./keep_open.ts";
import { loadResource, type Resource } from "./resource.ts";

const PAGE_SIZE = 20;

export interface History {
  readonly state: Signal<Resource<readonly SubmissionView[]>>;
  readonly hasMore: Signal<boolean>;
  readonly isLoadingMore: Signal<boolean>;
  /** Why the last loading of more did not work. */
  readonly refusal: Signal<string | undefined>;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
  dispose(): void;
}

export interface HistoryOptions {
  /** "03-rate-limiter"; of all workshops when absent. */
  readonly workshop?: string;
}

export function createHistory(
  api: Api,
  { workshop }: HistoryOptions = {},
): History {
  const hasMore = signal(false);
  const isLoadingMore = signal(false);
  const refusal = signal<string>();
  let cursor: string | undefined;

  const resource = loadResource(async (abort) => {
    const page = await api.submissions({ workshop, limit: PAGE_SIZE }, abort);
    refusal.value = undefined;
    const known = shown();
    if (known.length === 0) remember(page.cursor);
    return merged(page.submissions, known);
  });
  const watch = watchWhileVisible(api, {
    onChange(view) {
      if (workshop !== undefined && view.workshop !== workshop) return;
      if (resource.state.value.status === "ready") show([view]);
    },
    // What changed while nobody watched has to be looked up.
    onStart: () => void resource.reload(),
  });

  function shown(): readonly SubmissionView[] {
    const state = resource?.state.peek();
    return state?.status === "ready" ? state.value : [];
  }

  function show(more: readonly SubmissionView[]) {
    resource.state.value = { status: "ready", value: merged(more, shown()) };
  }

  function remember(next: string | undefined) {
    cursor = next;
    hasMore.value = next !== undefined;
  }

  async function loadMore() {
    if (isLoadingMore.value) return;
    isLoadingMore.value = true;
    refusal.value = undefined;
    try {
      const page = await api.submissions({
        workshop,
        cursor,
        limit: PAGE_SIZE,
      });
      remember(page.cursor);
      show(page.submissions);
    } catch (error) {
      refusal.value = (error as ApiError).message;
    } finally {
      isLoadingMore.value = false;
    }
  }

  return {
    state: resource.state,
    hasMore,
    isLoadingMore,
    refusal,
    loadMore,
    reload: resource.reload,
    dispose() {
      watch.close();
      resource.dispose();
    },
  };
}

function merged(
  fresh: readonly SubmissionView[],
  known: readonly SubmissionView[],
): readonly SubmissionView[] {
  const byId = new Map([...known, ...fresh].map((each) => [each.id, each]));
  return [...byId.values()].sort((a, b) =>
    b.receivedAt.localeCompare(a.receivedAt)
  );
}

interface Watcher {
  onChange(view: SubmissionView): void;
  onStart(): void;
}

/** Browsers allow six connections per server, so a page that nobody sees gives its stream back. */
function watchWhileVisible(api: Api, watcher: Watcher): EventStream {
  let stream: EventStream | undefined;

  function adapt() {
    const isVisible = globalThis.document?.visibilityState !== "hidden";
    if (isVisible) stream ??= open();
    else {
      stream?.close();
      stream = undefined;
    }
  }

  function open(): EventStream {
    return keepOpen((onRefused) =>
      api.changes({
        onEvent: watcher.onChange,
        onOpen: watcher.onStart,
        onBreak: (isFinal) => isFinal && onRefused(),
      })
    );
  }

  adapt();
  globalThis.document?.addEventListener("visibilitychange", adapt);
  return {
    close() {
      globalThis.document?.removeEventListener("visibilitychange", adapt);
      stream?.close();
    },
  };
}
