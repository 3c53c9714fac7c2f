import type { Sql } from "postgres";
import type { SubmissionEvent } from "@contract/events.ts";
import { Doorbell } from "./doorbell.ts";
import type { EventHub } from "./event_hub.ts";
import type { QueuePlace } from "./queue_line.ts";

/** So often something is sent, so that a dead connection is noticed. */
const KEEPALIVE_MS = 15_000;

/** Events read at once. */
const BATCH = 200;

export type Followed =
  /** `seq` is absent from what is not kept: the place in the line as it changes. */
  | { readonly seq?: number; readonly event: SubmissionEvent }
  | "keepalive";

export interface FollowOptions {
  readonly submissionId: string;
  /** Number of the last event that the reader has; 0 for all. */
  readonly afterSeq: number;
  readonly signal: AbortSignal;
}

/**
 * Every event of a submission after `afterSeq`, in order, as it happens; ends after the last one. Rows are the
 * truth, notices only say when to look: a lost notice delays an event, it never loses one.
 */
export async function* follow(
  sql: Sql,
  hub: EventHub,
  { submissionId, afterSeq, signal }: FollowOptions,
): AsyncGenerator<Followed> {
  const bell = new Doorbell();
  let place: QueuePlace | undefined;
  using _subscription = hub.subscribe({
    onEvent: (notice) => notice.submissionId === submissionId && bell.ring(),
    onGap: () => bell.ring(),
    onQueue(line) {
      place = line.get(submissionId);
      if (place) bell.ring();
    },
  });
  let seq = afterSeq;
  while (!signal.aborted) {
    const rows = await readEvents(sql, submissionId, seq);
    for (const row of rows) {
      seq = row.seq;
      yield row;
      if (isLast(row.event)) return;
    }
    if (rows.length === BATCH) continue;
    if (place) {
      yield { event: { kind: "queued", ...place } };
      place = undefined;
    }
    if (!await bell.wait(KEEPALIVE_MS, signal) && !signal.aborted) {
      yield "keepalive";
    }
  }
}

function isLast({ kind }: SubmissionEvent): boolean {
  return kind === "run_finished" || kind === "canceled";
}

async function readEvents(
  sql: Sql,
  submissionId: string,
  afterSeq: number,
): Promise<{ seq: number; event: SubmissionEvent }[]> {
  // The report stands once, in the submission's row.
  const rows = await sql<
    { seq: number; kind: string; data: object; report: object | null }[]
  >`
    SELECT e.seq, e.kind, e.data,
      CASE WHEN e.kind = 'run_finished' THEN s.report END AS report
    FROM trestle.submission_event AS e JOIN trestle.submission AS s ON s.id = e.submission_id
    WHERE e.submission_id = ${submissionId} AND e.seq > ${afterSeq}
    ORDER BY e.seq LIMIT ${BATCH}`;
  return rows.map(({ seq, kind, data, report }) => ({
    seq,
    event: { kind, ...data, ...(report && { report }) } as SubmissionEvent,
  }));
}
