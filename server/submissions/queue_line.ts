import type { Sql } from "postgres";

/** Where a submission stands: 1 is next; `etaMs` until its verdict. */
export interface QueuePlace {
  readonly position: number;
  readonly etaMs: number;
}

/** Everything that waits, in order. */
export async function readQueueLine(
  sql: Sql,
): Promise<ReadonlyMap<string, QueuePlace>> {
  const rows = await sql<(QueuePlace & { id: string })[]>`
    SELECT id, position, eta_ms AS "etaMs" FROM trestle.queue_line ORDER BY position`;
  return new Map(
    rows.map(({ id, position, etaMs }) => [id, { position, etaMs }]),
  );
}
