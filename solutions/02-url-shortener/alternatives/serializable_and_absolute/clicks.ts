/**
 * Clicks as totals that only grow. Copying a total twice, or an old one after a new one, changes nothing. When
 * Redis comes back empty, totals begin again under another epoch, and epochs add up.
 */
import type { Context } from "@contract/system.ts";

/** Hash of "<code> <day>" → clicks since Redis was empty. (The visit script counts here.) */
export const CLICKS_PENDING = "clicks:totals";
const EPOCH = "clicks:epoch";

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
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(3)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS click_totals (
        code text, day text, epoch text, clicks bigint NOT NULL,
        PRIMARY KEY (code, day, epoch)
      )`;
  });
  copyWhenDue(context);

  return {
    async stats(code) {
      const days = await sql<{ day: string; clicks: string }[]>`
        SELECT day, sum(clicks) AS clicks FROM click_totals
        WHERE code = ${code} GROUP BY day ORDER BY day`;
      const byDay = Object.fromEntries(
        days.map(({ day, clicks }) => [day, Number(clicks)]),
      );
      const clicks = Object.values(byDay).reduce((sum, n) => sum + n, 0);
      const uniques = await redis.pfCount(`uniques:${code}`).catch(() => 0);
      return { clicks, uniques, byDay };
    },
  };
}

async function copyWhenDue(context: Context): Promise<void> {
  const { clock, config, signal, log } = context;
  const periodMs = Number(config.flushSec) * 1000;
  let dueMs = clock.now() + periodMs;
  while (!signal.aborted) {
    try {
      await clock.sleepUntil(dueMs, { signal });
      // Before the work: what is clicked on meanwhile is due one period from now.
      dueMs = clock.now() + periodMs;
      await copyTotals(context);
    } catch (error) {
      if (!signal.aborted) log("copy failed", { error: String(error) });
    }
  }
}

/** Epoch and totals are read in one step: totals of one epoch must never be copied under the next. */
const READ = `
  redis.call('SET', KEYS[2], ARGV[1], 'NX')
  return { redis.call('GET', KEYS[2]), redis.call('HGETALL', KEYS[1]) }`;

async function copyTotals({ sql, redis }: Context): Promise<void> {
  const [epoch, flat] = await redis.eval(READ, {
    keys: [CLICKS_PENDING, EPOCH],
    arguments: [crypto.randomUUID()],
  }) as [string, string[]];
  const rows = [];
  for (let index = 0; index < flat.length; index += 2) {
    const [code, day] = flat[index]!.split(" ");
    rows.push({ code, day, epoch, clicks: Number(flat[index + 1]) });
  }
  if (rows.length === 0) return;
  await sql`
    INSERT INTO click_totals ${sql(rows)}
    ON CONFLICT (code, day, epoch) DO UPDATE
    SET clicks = greatest(click_totals.clicks, excluded.clicks)`;
}
