import type { Sql } from "postgres";
import type { StageProgress } from "@contract/api.ts";
import type { Workshop } from "@contract/manifest.ts";

interface ProgressRow {
  readonly workshop: string;
  readonly stage: number;
  readonly status: "passed" | "failing";
  readonly passedAt: Date | null;
}

/** What a learner has reached, by workshop and stage. */
export type Progress = ReadonlyMap<string, ReadonlyMap<number, ProgressRow>>;

export async function readProgress(
  sql: Sql,
  personId: string,
): Promise<Progress> {
  const rows = await sql<ProgressRow[]>`
    SELECT workshop, stage, status, passed_at AS "passedAt"
    FROM trestle.stage_progress WHERE person_id = ${personId}`;
  const progress = new Map<string, Map<number, ProgressRow>>();
  for (const row of rows) {
    const stages = progress.get(row.workshop) ?? new Map();
    progress.set(row.workshop, stages.set(row.stage, row));
  }
  return progress;
}

/** One entry per stage of the workshop, in order; a stage never graded is open. */
export function stagesOf(
  { slug, stages }: Workshop,
  progress: Progress,
): StageProgress[] {
  return stages.map(({ number, title }) => {
    const row = progress.get(slug)?.get(number);
    return {
      number,
      title,
      status: row?.status ?? "open",
      ...(row?.passedAt && { passedAt: row.passedAt.toISOString() }),
    };
  });
}
