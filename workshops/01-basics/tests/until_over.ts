import type { Lab } from "@lab";

/** Waits for a step for as long as is fair. Whoever takes longer, or keeps it back, has nothing to show. */
export async function untilOver(
  lab: Lab,
  isOver: () => boolean | Promise<boolean>,
  { orWaitedFor = false, withinMs = 2_000 }: {
    /** Also until somebody waits for a lock: for whoever is under way, which is as right. */
    readonly orWaitedFor?: boolean;
    readonly withinMs?: number;
  } = {},
): Promise<void> {
  await lab.eventually(async () => {
    if (await isOver() || orWaitedFor && await isWaitedFor(lab)) return;
    throw new Error("It is not over");
  }, { withinMs }).catch(() => {});
}

/** Says, whenever it is asked, whether the answer is here. */
export function answered(request: Promise<unknown>): () => boolean {
  let isAnswered = false;
  const note = () => isAnswered = true;
  request.then(note, note);
  return () => isAnswered;
}

async function isWaitedFor(lab: Lab): Promise<boolean> {
  const [row] = await lab.sql`
    SELECT count(*)::int AS waiting
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND NOT granted`;
  return row!.waiting > 0;
}
