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
    local state = redis.call('HMGET', key, 'start', 'count', 'previous')
    local last, count, previous = tonumber(state[1]), 0, 0
    if last == start then
      count, previous = tonumber(state[2]), tonumber(state[3])
    elseif last == start - window then
      previous = tonumber(state[2])
    end
    local function fade(share, left, room)
      return left - math.floor(room * window / share)
    end
    local retry = 0
    local admitted = previous * rest + (count + 1) * window <= limit * window
    if admitted then
      count = count + 1
      redis.call('HSET', key, 'start', start, 'count', count, 'previous', previous)
      redis.call('PEXPIRE', key, 5 * window / 2)
    elseif count < limit then
      retry = fade(previous, rest, limit - 1 - count)
    else
      retry = rest + fade(count, window, limit - 1)
    end
    local left = math.max(0, math.floor(limit - count - previous * rest / window))
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
