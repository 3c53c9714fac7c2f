/** How many links one user may create per window: a counter and its lifetime, in one transaction of Redis. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

export async function takeFromQuota(
  { redis, config, clock }: Context,
  user: string,
): Promise<Record<string, string>> {
  const limit = Number(config.createLimit);
  if (limit === 0) return {};
  const windowMs = Number(config.createWindowSec) * 1000;
  const window = Math.floor(clock.now() / windowMs);
  const restMs = (window + 1) * windowMs - clock.now();
  const key = `created:${window}:${user}`;
  const [count] = await redis.multi()
    .incr(key)
    .pExpire(key, restMs)
    .exec() as unknown as [number, unknown];
  const resetSec = Math.ceil(restMs / 1000);
  const headers = {
    "ratelimit-policy": `"create";q=${limit};w=${windowMs / 1000}`,
    "ratelimit": `"create";r=${Math.max(0, limit - count)};t=${resetSec}`,
  };
  if (count <= limit) return headers;
  throw new ProblemError(429, "quota_exceeded", `At most ${limit} links`, {
    ...headers,
    "retry-after": String(resetSec),
  });
}
