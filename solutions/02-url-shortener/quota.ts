/** How many links one user may create per window, over all instances together. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";

/** Counts and, for the first of a window, sets the lifetime in the same step: no counter without an end. */
const TAKE = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return count`;

/** Takes one creation from the user's quota; gives the headers to send. Throws a 429 when none is left. */
export async function takeFromQuota(
  { redis, config, clock }: Context,
  user: string,
): Promise<Record<string, string>> {
  const limit = Number(config.createLimit);
  if (limit === 0) return {};
  const windowMs = Number(config.createWindowSec) * 1000;
  const nowMs = clock.now();
  const windowStartMs = nowMs - nowMs % windowMs;
  const count = Number(
    await redis.eval(TAKE, {
      keys: [`quota:${user}:${windowStartMs}`],
      arguments: [String(windowStartMs + windowMs - nowMs)],
    }),
  );
  const resetSec = Math.ceil((windowStartMs + windowMs - nowMs) / 1000);
  const headers = {
    "ratelimit-policy": `"create";q=${limit};w=${windowMs / 1000}`,
    "ratelimit": `"create";r=${Math.max(0, limit - count)};t=${resetSec}`,
  };
  if (count <= limit) return headers;
  throw new ProblemError(
    429,
    "quota_exceeded",
    `At most ${limit} links per ${windowMs / 1000} s`,
    { ...headers, "retry-after": String(resetSec) },
  );
}
