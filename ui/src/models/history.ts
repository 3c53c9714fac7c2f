/** Submissions, newest first, page by page; new ones appear by themselves. */
import { type Signal, signal } from "@preact/signals";
import type { SubmissionView } from "@contract/api.ts";
import type { Api } from "../api.ts";
import { loadResource, type Resource } from "./resource.ts";

const PAGE_SIZE = 20;
/** A submission comes from the command line, so the page has to look for it. */
const LOOK_MS = 2500;

export interface History {
  readonly state: Signal<Resource<readonly SubmissionView[]>>;
  readonly hasMore: Signal<boolean>;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
  dispose(): void;
}

export interface HistoryOptions {
  /** "03-rate-limiter"; of all workshops when absent. */
  readonly workshop?: string;
  readonly lookMs?: number;
}

export function createHistory(api: Api, options: HistoryOptions = {}): History {
  const { workshop, lookMs = LOOK_MS } = options;
  const older = signal<readonly SubmissionView[]>([]);
  const hasMore = signal(false);
  let cursor: string | undefined;

  const resource = loadResource(async (abort) => {
    const page = await api.submissions({ workshop, limit: PAGE_SIZE }, abort);
    if (older.value.length === 0) remember(page.cursor);
    return merged(page.submissions, older.value);
  });
  const timer = setInterval(() => {
    if (!isHidden()) void resource.reload();
  }, lookMs);

  function remember(next: string | undefined) {
    cursor = next;
    hasMore.value = next !== undefined;
  }

  async function loadMore() {
    const page = await api.submissions({ workshop, cursor, limit: PAGE_SIZE });
    remember(page.cursor);
    const shown = resource.state.value;
    if (shown.status !== "ready") return;
    older.value = merged(shown.value, page.submissions);
    resource.state.value = { status: "ready", value: older.value };
  }

  return {
    state: resource.state,
    hasMore,
    loadMore,
    reload: resource.reload,
    dispose() {
      clearInterval(timer);
      resource.dispose();
    },
  };
}

function merged(
  newer: readonly SubmissionView[],
  older: readonly SubmissionView[],
): readonly SubmissionView[] {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))];
}

function isHidden(): boolean {
  return globalThis.document?.visibilityState === "hidden";
}
