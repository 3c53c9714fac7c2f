/** Counts in Postgres. One call of a function per decision; the row lock lets one request of a client at a time in. */
import type { Context } from "@contract/system.ts";
import { type Limiter, stateKey, termsOf } from "./algorithm.ts";

export function sharedLimiter(sql: Context["sql"]): Limiter {
  return {
    async take(request) {
      const { policy } = request.named;
      const { limit, windowMs, burst, cost } = termsOf(policy, {
        cost: request.cost,
        nowMs: 0, // The function asks the database.
      });
      const [row] = await sql`
        SELECT admitted, remaining, reset_ms, retry_ms FROM take_from_limit(
          ${stateKey(request)}, ${policy.algorithm},
          ${limit}, ${windowMs}, ${burst}, ${cost})`;
      return {
        isAdmitted: row!.admitted,
        left: Number(row!.remaining),
        resetMs: Number(row!.reset_ms),
        retryMs: Number(row!.retry_ms),
      };
    },
  };
}

/** Two instances start together: the lock makes the second wait. */
export async function createCounters(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('counters'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS counters (
        key text PRIMARY KEY,
        start_ms bigint NOT NULL DEFAULT 0,
        count bigint NOT NULL DEFAULT 0,
        previous bigint NOT NULL DEFAULT 0,
        times bigint[] NOT NULL DEFAULT '{}',
        used_ms bigint NOT NULL DEFAULT 0
      )`;
    await transaction.unsafe(TAKE);
  });
}

/** Rows of clients that nobody has heard of for as long as a window can be. */
export async function forgetSilent(sql: Context["sql"]): Promise<void> {
  await sql`
    DELETE FROM counters
    WHERE used_ms < extract(epoch FROM now()) * 1000 - 2 * 86400000`;
}

/** A full bucket has start_ms (the moment at which it is full again, GCRA) in the past, in units of 1/limit ms. */
const TAKE = `
CREATE OR REPLACE FUNCTION take_from_limit(
  a_key text, algorithm text, a_limit bigint, a_window bigint, burst bigint, cost bigint
) RETURNS TABLE (admitted boolean, remaining bigint, reset_ms bigint, retry_ms bigint)
LANGUAGE plpgsql AS $$
DECLARE
  c counters;
  now_ms bigint := round(extract(epoch FROM now()) * 1000);
  start bigint := now_ms - now_ms % a_window;
  rest bigint := a_window - now_ms % a_window;
  full_at bigint;
  excess bigint;
BEGIN
  INSERT INTO counters (key) VALUES (a_key) ON CONFLICT DO NOTHING;
  SELECT * INTO c FROM counters WHERE key = a_key FOR UPDATE;

  IF algorithm IN ('fixed', 'sliding_counter') THEN
    IF c.start_ms <> start THEN
      c.previous := CASE WHEN c.start_ms = start - a_window THEN c.count ELSE 0 END;
      c.count := 0;
      c.start_ms := start;
    END IF;
    IF algorithm = 'fixed' THEN
      c.previous := 0;
    END IF;
    admitted := c.previous * rest + (c.count + 1) * a_window <= a_limit * a_window;
    retry_ms := CASE
      WHEN admitted THEN 0
      WHEN algorithm = 'fixed' THEN rest
      WHEN c.count < a_limit THEN rest - (a_limit - 1 - c.count) * a_window / c.previous
      ELSE rest + a_window - (a_limit - 1) * a_window / c.count
    END;
    IF admitted THEN
      c.count := c.count + 1;
    END IF;
    remaining := greatest(0, floor(a_limit - c.count - c.previous * rest::numeric / a_window));
    reset_ms := CASE WHEN algorithm = 'fixed' OR c.count = 0 THEN rest ELSE rest + a_window END;

  ELSIF algorithm = 'sliding_log' THEN
    c.times := ARRAY(SELECT t FROM unnest(c.times) t WHERE t + a_window > now_ms ORDER BY t);
    admitted := cardinality(c.times) < a_limit;
    IF admitted THEN
      c.times := c.times || now_ms;
    END IF;
    retry_ms := CASE
      WHEN admitted THEN 0
      ELSE c.times[cardinality(c.times) - a_limit + 1] + a_window - now_ms
    END;
    remaining := greatest(0, a_limit - cardinality(c.times));
    reset_ms := c.times[cardinality(c.times)] + a_window - now_ms;

  ELSE
    full_at := greatest(c.start_ms, now_ms * a_limit);
    IF full_at > now_ms * a_limit + burst * a_window THEN
      full_at := now_ms * a_limit; -- Later than this bucket can be: it is from before an edit.
    END IF;
    excess := full_at - now_ms * a_limit + (cost - burst) * a_window;
    admitted := excess <= 0;
    retry_ms := greatest(0, ceil(excess::numeric / a_limit));
    IF admitted THEN
      full_at := full_at + cost * a_window;
      c.start_ms := full_at;
    END IF;
    reset_ms := ceil((full_at - now_ms * a_limit)::numeric / a_limit);
    remaining := greatest(0, floor(burst - (full_at - now_ms * a_limit)::numeric / a_window));
  END IF;

  UPDATE counters SET start_ms = c.start_ms, count = c.count, previous = c.previous,
    times = c.times, used_ms = now_ms WHERE key = a_key;
  RETURN NEXT;
END $$`;
