import type { Sql } from "postgres";
import type {
  SubmissionDetail,
  SubmissionList,
  SubmissionView,
} from "@contract/api.ts";

interface SubmissionRow {
  readonly id: string;
  readonly ordinal: string;
  readonly workshop: string;
  readonly state: SubmissionView["state"];
  readonly verdict: SubmissionView["verdict"] | null;
  readonly attempt: number;
  readonly checks: SubmissionView["checks"];
  readonly receivedAt: Date;
  readonly finishedAt: Date | null;
  readonly position: number | null;
  readonly etaMs: number | null;
}

/** The columns of a view; the line is joined for queued submissions only, where it is short work. */
function viewColumns(sql: Sql) {
  return sql`
    s.id, s.ordinal, s.workshop, s.state, s.verdict, s.attempt, s.checks,
    s.received_at AS "receivedAt", s.finished_at AS "finishedAt",
    line.position, line.eta_ms AS "etaMs"`;
}

/** A learner's submission as lists show it; undefined if there is none of theirs with this id. */
export async function readView(
  sql: Sql,
  personId: string,
  id: string,
): Promise<SubmissionView | undefined> {
  const [row] = await sql<SubmissionRow[]>`
    SELECT ${viewColumns(sql)}
    FROM trestle.submission AS s LEFT JOIN trestle.queue_line AS line USING (id)
    WHERE s.id = ${id} AND s.person_id = ${personId}`;
  return row && toView(row);
}

/** The same with files and report. */
export async function readDetail(
  sql: Sql,
  personId: string,
  id: string,
): Promise<SubmissionDetail | undefined> {
  type Extra = Pick<SubmissionDetail, "files"> & {
    report: SubmissionDetail["report"] | null;
  };
  const [row] = await sql<(SubmissionRow & Extra)[]>`
    SELECT ${viewColumns(sql)}, bundle.files, s.report
    FROM trestle.submission AS s
      JOIN trestle.bundle AS bundle ON bundle.hash = s.bundle_hash
      LEFT JOIN trestle.queue_line AS line USING (id)
    WHERE s.id = ${id} AND s.person_id = ${personId}`;
  if (!row) return undefined;
  return {
    ...toView(row),
    files: row.files,
    ...(row.report && { report: row.report }),
  };
}

export interface ListOptions {
  readonly workshop?: string;
  /** From the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** A learner's submissions, newest first, a page at a time. */
export async function readList(
  sql: Sql,
  personId: string,
  { workshop, cursor, limit }: ListOptions,
): Promise<SubmissionList> {
  const rows = await sql<SubmissionRow[]>`
    SELECT ${viewColumns(sql)}
    FROM trestle.submission AS s LEFT JOIN trestle.queue_line AS line USING (id)
    WHERE s.person_id = ${personId}
      ${workshop === undefined ? sql`` : sql`AND s.workshop = ${workshop}`}
      ${cursor === undefined ? sql`` : sql`AND s.ordinal < ${cursor}`}
    ORDER BY s.ordinal DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  return {
    submissions: page.map(toView),
    ...(rows.length > limit && { cursor: page.at(-1)!.ordinal }),
  };
}

function toView(row: SubmissionRow): SubmissionView {
  const { id, workshop, state, verdict, attempt, checks } = row;
  return {
    id,
    workshop,
    state,
    attempt,
    checks,
    receivedAt: row.receivedAt.toISOString(),
    ...(verdict && { verdict }),
    ...(row.finishedAt && { finishedAt: row.finishedAt.toISOString() }),
    ...(row.position !== null && row.etaMs !== null &&
      { queue: { position: row.position, etaMs: row.etaMs } }),
  };
}
