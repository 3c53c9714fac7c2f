/** The time of every admitted request: exact at every moment, and paid for with a number per request. */
import type { Algorithm } from "./algorithm.ts";

/** Times of the requests admitted within the last window, oldest first. */
type State = readonly number[];

export const slidingLog: Algorithm<State> = {
  decide(state = [], { limit, windowMs, nowMs }) {
    const recent = state.filter((timeMs) => timeMs + windowMs > nowMs);
    const isAdmitted = recent.length < limit;
    const times = isAdmitted ? [...recent, nowMs] : recent;
    // The request fits once fewer than `limit` are in the window: when this one leaves it.
    const leaving = times[times.length - limit] ?? nowMs;
    return {
      state: times,
      decision: {
        isAdmitted,
        left: Math.max(0, limit - times.length),
        resetMs: times.at(-1)! + windowMs - nowMs,
        retryMs: isAdmitted ? 0 : leaving + windowMs - nowMs,
      },
    };
  },

  // A list is sorted by itself: the store's clock never goes back. Times before the window leave it at the left end.
  script: `
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
    local count = redis.call('ZCARD', key)
    if count < limit then
      -- Within one millisecond nothing is removed, so the count makes the member unique.
      redis.call('ZADD', key, now, string.format('%d:%d', now, count))
      redis.call('PEXPIRE', key, 2 * window)
      return {1, limit - count - 1, window, 0}
    end
    local newest = tonumber(redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2])
    local leaving = tonumber(redis.call('ZRANGE', key, -limit, -limit, 'WITHSCORES')[2])
    return {0, 0, newest + window - now, leaving + window - now}`,
};
