import type { Sql } from "postgres";

/** A stage of a workshop, as one learner sees it. */
export interface LearnerStage {
  readonly personId: string;
  readonly workshop: string;
  readonly stage: number;
}

/** How many levels of a stage's hints the learner has opened. */
export async function unlockedLevels(
  sql: Sql,
  { personId, workshop, stage }: LearnerStage,
): Promise<number> {
  const [row] = await sql<{ level: number }[]>`
    SELECT coalesce(max(level), 0)::integer AS level FROM trestle.hint_unlock
    WHERE person_id = ${personId} AND workshop = ${workshop} AND stage = ${stage}`;
  return row!.level;
}

/** Opens one more level, up to `total`; gives how many are open then. */
export async function unlockNextLevel(
  sql: Sql,
  at: LearnerStage,
  total: number,
): Promise<number> {
  const level = await unlockedLevels(sql, at);
  if (level >= total) return level;
  // Two clicks at once open one level: the second finds it there.
  await sql`
    INSERT INTO trestle.hint_unlock (person_id, workshop, stage, level)
    VALUES (${at.personId}, ${at.workshop}, ${at.stage}, ${level + 1})
    ON CONFLICT DO NOTHING`;
  return level + 1;
}
