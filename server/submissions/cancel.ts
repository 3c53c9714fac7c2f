import type { Sql } from "postgres";

export type CancelOutcome =
  | "canceled"
  /** Its worker learns of it with the next heartbeat. */
  | "requested"
  | "already_over"
  | "not_found";

/** Takes a learner's submission out of the line, or asks its worker to stop. */
export async function cancelSubmission(
  sql: Sql,
  personId: string,
  id: string,
): Promise<CancelOutcome> {
  return await sql.begin(async (tx) => {
    const [row] = await tx<{ state: string }[]>`
      SELECT state FROM trestle.submission
      WHERE id = ${id} AND person_id = ${personId} FOR UPDATE`;
    if (!row) return "not_found";
    if (row.state === "queued") {
      await tx`SELECT trestle.cancel(${id}, 'by_learner')`;
      return "canceled";
    }
    if (row.state !== "running") return "already_over";
    await tx`UPDATE trestle.submission SET is_cancel_requested = true WHERE id = ${id}`;
    return "requested";
  });
}
