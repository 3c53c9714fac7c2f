/**
 * A bucket of tokens that refills evenly. It is kept as what is *missing* from a full bucket, in units of which a
 * token has `windowMs`: then a millisecond gives back exactly `limit` units, every number is whole, and no rounding can
 * lose part of a token. (GCRA keeps the same fact as the time at which the bucket will be full.)
 */
import type { Algorithm } from "./algorithm.ts";

interface State {
  readonly missing: number;
  readonly atMs: number;
}

export const tokenBucket: Algorithm<State> = {
  decide(state, { limit, windowMs, burst, cost, nowMs }) {
    const { missing: before, atMs } = state ?? { missing: 0, atMs: nowMs };
    // What a bucket of before an edit has left behind is at most an empty one of this size.
    const missingThen = Math.min(before, burst * windowMs);
    const refill = Math.max(0, nowMs - atMs) * limit;
    const missing = Math.max(0, missingThen - refill);
    const tooMuch = missing + cost * windowMs - burst * windowMs;
    const isAdmitted = tooMuch <= 0;
    const after = isAdmitted ? missing + cost * windowMs : missing;
    return {
      state: { missing: after, atMs: nowMs },
      decision: {
        isAdmitted,
        left: Math.max(0, Math.floor(burst - after / windowMs)),
        resetMs: Math.ceil(after / limit),
        retryMs: isAdmitted ? 0 : Math.ceil(tooMuch / limit),
      },
    };
  },

  script: `
    local state = redis.call('HMGET', key, 'missing', 'at')
    local elapsed = math.max(0, now - (tonumber(state[2]) or now))
    local before = math.min(tonumber(state[1]) or 0, burst * window)
    local missing = math.max(0, before - elapsed * limit)
    local toomuch = missing + cost * window - burst * window
    local admitted = toomuch <= 0
    if admitted then
      missing = missing + cost * window
      redis.call('HSET', key, 'missing', missing, 'at', now)
      redis.call('PEXPIRE', key, math.ceil(missing / limit) + window)
    end
    local left = math.max(0, math.floor(burst - missing / window))
    local retry = admitted and 0 or math.ceil(toomuch / limit)
    return {admitted and 1 or 0, left, math.ceil(missing / limit), retry}`,
};
