/** One count per window. The cheapest of all, and around a boundary up to twice the limit may pass. */
import type { Algorithm } from "./algorithm.ts";

interface State {
  readonly startMs: number;
  readonly count: number;
}

export const fixedWindow: Algorithm<State> = {
  decide(state, { limit, windowMs, nowMs }) {
    const startMs = nowMs - nowMs % windowMs;
    const seen = state?.startMs === startMs ? state.count : 0;
    const isAdmitted = seen < limit;
    const count = isAdmitted ? seen + 1 : seen;
    const resetMs = startMs + windowMs - nowMs;
    return {
      state: { startMs, count },
      decision: {
        isAdmitted,
        left: Math.max(0, limit - count),
        resetMs,
        retryMs: isAdmitted ? 0 : resetMs,
      },
    };
  },

  script: `
    local start = now - now % window
    local counter = key .. ':' .. string.format('%d', start)
    local count = tonumber(redis.call('GET', counter) or 0)
    local admitted = count < limit
    if admitted then
      count = redis.call('INCR', counter)
      redis.call('PEXPIRE', counter, 2 * window)
    end
    local reset = start + window - now
    return {admitted and 1 or 0, math.max(0, limit - count), reset, admitted and 0 or reset}`,
};
