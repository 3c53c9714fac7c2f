/**
 * Two counts, this window's and the previous one's, and the assumption that the previous requests came evenly: of them
 * the share counts that a window sliding back from now still covers. Sixteen bytes instead of a log, nearly as fair.
 */
import type { Algorithm } from "./algorithm.ts";

interface State {
  readonly startMs: number;
  readonly count: number;
  readonly previous: number;
}

export const slidingCounter: Algorithm<State> = {
  decide(state, { limit, windowMs, nowMs }) {
    const startMs = nowMs - nowMs % windowMs;
    const restMs = startMs + windowMs - nowMs;
    const { previous, count: seen } = roll(state, startMs, windowMs);
    // Multiplied by windowMs, so that all numbers are whole and the comparison is exact.
    const used = previous * restMs + seen * windowMs;
    const isAdmitted = used + windowMs <= limit * windowMs;
    const count = isAdmitted ? seen + 1 : seen;
    const left = limit - count - previous * restMs / windowMs;
    return {
      state: { startMs, count, previous },
      decision: {
        isAdmitted,
        left: Math.max(0, Math.floor(left)),
        resetMs: count > 0 ? restMs + windowMs : restMs,
        retryMs: isAdmitted
          ? 0
          : seen < limit
          ? fadeMs(previous, restMs, limit - 1 - seen, windowMs)
          : restMs + fadeMs(seen, windowMs, limit - 1, windowMs),
      },
    };
  },

  script: `
    local start = now - now % window
    local rest = start + window - now
    local function counter(at) return key .. ':' .. string.format('%d', at) end
    local count = tonumber(redis.call('GET', counter(start)) or 0)
    local previous = tonumber(redis.call('GET', counter(start - window)) or 0)
    local weighed = previous * (rest / window) + count
    local admitted = weighed + 1 <= limit
    local retry = 0
    if admitted then
      count = redis.call('INCR', counter(start))
      redis.call('PEXPIRE', counter(start), 5 * window / 2)
    elseif count < limit then
      retry = rest - math.floor((limit - 1 - count) * window / previous)
    else
      retry = rest + window - math.floor((limit - 1) * window / count)
    end
    local left = math.max(0, math.floor(limit - previous * (rest / window) - count))
    return {admitted and 1 or 0, left, count > 0 and rest + window or rest, retry}`,
};

/** What the remembered counts are worth in the window that begins at `startMs`. */
function roll(state: State | undefined, startMs: number, windowMs: number) {
  if (state?.startMs === startMs) return state;
  const isPrevious = state?.startMs === startMs - windowMs;
  return { count: 0, previous: isPrevious ? state.count : 0 };
}

/** Until `share` requests, of which `restMs` of the window still count, have faded to the weight of `room` requests. */
function fadeMs(
  share: number,
  restMs: number,
  room: number,
  windowMs: number,
): number {
  return restMs - Math.floor(room * windowMs / share);
}
