/**
 * Clicks: counted in Redis beside the redirect, moved to Postgres in batches. A batch has a name, and Postgres
 * remembers the names it has seen: moving one twice changes nothing, so a crash at any point is repaired by doing
 * it again.
 */
import type { Context } from "@contract/system.ts";

/** Hash of "<code> <day>" → clicks not yet in a batch. */
export const CLICKS_PENDING = "clicks:pending";
/** Set of batch keys that may not have reached Postgres yet. */
const BATCHES = "clicks:batches";

/** Gives the pending clicks a name, and lists every batch that is still to be moved. */
const NAME_BATCH = `
  if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('RENAME', KEYS[1], ARGV[1])
    redis.call('SADD', KEYS[2], ARGV[1])
  end
  return redis.call('SMEMBERS', KEYS[2])`;

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
  flushWhenDue(context);

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
      CREATE TABLE IF NOT EXISTS moved_batches (name text PRIMARY KEY)`;
  });
}

/** The due time is virtual and asked for often, so that a stopped process leaves no timer behind. */
async function flushWhenDue(context: Context): Promise<void> {
  const { clock, config, signal, log } = context;
  const periodMs = Number(config.flushSec) * 1000;
  let dueMs = clock.now() + periodMs;
  while (!signal.aborted) {
    try {
      await clock.sleepUntil(dueMs, { signal });
      // Before the work: what is clicked on meanwhile is due one period from now.
      dueMs = clock.now() + periodMs;
      await flush(context);
    } catch (error) {
      // Redis or Postgres is away: the batch keeps its name and is moved next time.
      if (!signal.aborted) log("flush failed", { error: String(error) });
    }
  }
}

async function flush(context: Context): Promise<void> {
  const batches = await context.redis.eval(NAME_BATCH, {
    keys: [CLICKS_PENDING, BATCHES],
    arguments: [`clicks:batch:${crypto.randomUUID()}`],
  }) as string[];
  for (const batch of batches) await moveBatch(context, batch);
}

async function moveBatch({ sql, redis }: Context, batch: string) {
  const clicks = Object.entries(await redis.hGetAll(batch))
    .map(([field, count]) => [...field.split(" "), Number(count)]);
  await sql.begin(async (transaction) => {
    const first = await transaction`
      INSERT INTO moved_batches ${transaction({ name: batch })}
      ON CONFLICT DO NOTHING RETURNING name`;
    if (first.length === 0 || clicks.length === 0) return;
    await transaction`
      INSERT INTO click_days (code, day, clicks) VALUES ${
      transaction(clicks as never)
    }
      ON CONFLICT (code, day)
      DO UPDATE SET clicks = click_days.clicks + excluded.clicks`;
  });
  await redis.multi().del(batch).sRem(BATCHES, batch).exec();
}
