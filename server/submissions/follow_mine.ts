import type { Sql } from "postgres";
import type { SubmissionView } from "@contract/api.ts";
import { Doorbell } from "./doorbell.ts";
import type { EventHub } from "./event_hub.ts";
import { readView } from "./read.ts";

const KEEPALIVE_MS = 15_000;

export interface FollowMineOptions {
  readonly personId: string;
  readonly signal: AbortSignal;
}

/**
 * A learner's submissions whenever one of them changes. Several changes of one submission may come as one view;
 * what changed before the start is for the reader to look up.
 */
export async function* followMine(
  sql: Sql,
  hub: EventHub,
  { personId, signal }: FollowMineOptions,
): AsyncGenerator<SubmissionView | "keepalive"> {
  const bell = new Doorbell();
  const changed = new Set<string>();
  const waiting = new Set<string>();
  using _subscription = hub.subscribe({
    onEvent(notice) {
      if (notice.personId !== personId) return;
      changed.add(notice.submissionId);
      bell.ring();
    },
    onQueue(line) {
      for (const id of waiting) if (line.has(id)) changed.add(id);
      if (changed.size > 0) bell.ring();
    },
  });
  // Told at once, so that the reader knows from when on it is listening.
  yield "keepalive";
  while (!signal.aborted) {
    for (const id of [...changed]) {
      changed.delete(id);
      const view = await readView(sql, personId, id);
      if (!view) continue;
      if (view.state === "queued") waiting.add(id);
      else waiting.delete(id);
      yield view;
    }
    if (!await bell.wait(KEEPALIVE_MS, signal) && !signal.aborted) {
      yield "keepalive";
    }
  }
}
