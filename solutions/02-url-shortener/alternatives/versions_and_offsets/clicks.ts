/**
 * Clicks as a stream. How far it has been read is a row in Postgres, written in the same transaction as the sums:
 * they move together or not at all.
 */
import type { Context } from "@contract/system.ts";

export const CLICKS = "clicks";
const ENTRIES_PER_MOVE = 1000;

export interface ClickStats {
  readonly clicks: number;
  readonly uniques: number;
  readonly byDay: Readonly<Record<string, number>>;
}

export interface Clicks {
  stats(code: string): Promise<ClickStats>;
}

export async function openClicks(context: Context): Promise<Clicks> {
  const { sql, redis } = context;
  await createTables(context);
  moveWhenDue(context);

  return {
    async stats(code) {
      const days = await sql<{ day: string; clicks: string }[]>`
        SELECT day, clicks FROM click_days WHERE code = ${code} ORDER BY day`;
      const byDay = Object.fromEntries(
        days.map(({ day, clicks }) => [day, Number(clicks)]),
      );
      const clicks = Object.values(byDay).reduce((sum, n) => sum + n, 0);
      const uniques = await redis.pfCount(`uniques:${code}`).catch(() => 0);
      return { clicks, uniques, byDay };
    },
  };
}

async function createTables({ sql }: Context): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('clicks'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS click_days (
        code text, day text, clicks bigint NOT NULL, PRIMARY KEY (code, day)
      )`;
    await transaction`
      CREATE TABLE IF NOT EXISTS click_position (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        id text NOT NULL
      )`;
    await transaction`
      INSERT INTO click_position (id) VALUES ('0-0') ON CONFLICT DO NOTHING`;
  });
}

async function moveWhenDue(context: Context): Promise<void> {
  const { clock, config, signal, log } = context;
  const periodMs = Number(config.flushSec) * 1000;
  let dueMs = clock.now() + periodMs;
  while (!signal.aborted) {
    try {
      await clock.sleepUntil(dueMs, { signal });
      // Before the work: what is clicked on meanwhile is due one period from now.
      dueMs = clock.now() + periodMs;
      while (await moveSome(context) === ENTRIES_PER_MOVE);
    } catch (error) {
      if (!signal.aborted) log("move failed", { error: String(error) });
    }
  }
}

/** Moves what comes after the position; gives the number of entries moved. */
async function moveSome({ sql, redis }: Context): Promise<number> {
  const moved = await sql.begin(async (transaction) => {
    const [position] = await transaction<{ id: string }[]>`
      SELECT id FROM click_position FOR UPDATE`;
    const entries = await redis.xRange(CLICKS, `(${position!.id}`, "+", {
      COUNT: ENTRIES_PER_MOVE,
    }) ?? [];
    const last = entries.at(-1)?.id;
    if (last === undefined) return { entries: 0 };
    const sums = new Map<string, number>();
    for (const { message } of entries) {
      const click = message.click!;
      sums.set(click, (sums.get(click) ?? 0) + 1);
    }
    const rows = [...sums].map(([click, n]) => [...click.split(" "), n]);
    await transaction`
      INSERT INTO click_days (code, day, clicks)
      VALUES ${transaction(rows as never)}
      ON CONFLICT (code, day)
      DO UPDATE SET clicks = click_days.clicks + excluded.clicks`;
    await transaction`UPDATE click_position SET id = ${last}`;
    return { entries: entries.length, last };
  });
  // What is behind the position may go, now or the next time.
  if (moved.last !== undefined) {
    await redis.eval(
      `redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
       return redis.call('XDEL', KEYS[1], ARGV[1])`,
      { keys: [CLICKS], arguments: [moved.last] },
    );
  }
  return moved.entries;
}
