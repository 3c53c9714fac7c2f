/** The quota as a row in Postgres: the row lock puts everybody in line. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

const ready = new WeakMap<Context, Promise<unknown>>();

export async function takeFromQuota(
  context: Context,
  user: string,
): Promise<Record<string, string>> {
  const { sql, config, clock } = context;
  const limit = Number(config.createLimit);
  if (limit === 0) return {};
  if (!ready.has(context)) ready.set(context, createTable(context));
  await ready.get(context);

  const windowMs = Number(config.createWindowSec) * 1000;
  const nowMs = clock.now();
  const windowStartMs = nowMs - nowMs % windowMs;
  const [row] = await sql<{ count: number }[]>`
    INSERT INTO quotas (name, window_start, count)
    VALUES (${user}, ${windowStartMs}, 1)
    ON CONFLICT (name) DO UPDATE SET
      count = CASE WHEN quotas.window_start = excluded.window_start
        THEN quotas.count + 1 ELSE 1 END,
      window_start = excluded.window_start
    RETURNING count`;
  const resetSec = Math.ceil((windowStartMs + windowMs - nowMs) / 1000);
  const headers = {
    "ratelimit-policy": `"create";q=${limit};w=${windowMs / 1000}`,
    "ratelimit": `"create";r=${Math.max(0, limit - row!.count)};t=${resetSec}`,
  };
  if (row!.count <= limit) return headers;
  throw new ProblemError(429, "quota_exceeded", `At most ${limit} links`, {
    ...headers,
    "retry-after": String(resetSec),
  });
}

/** Set-up inside a check's own window would be held with all other writes, so it is asked for first. */
async function createTable({ sql }: Context): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('quotas'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS quotas (
        name text PRIMARY KEY, window_start bigint NOT NULL, count int NOT NULL
      )`;
  });
}
