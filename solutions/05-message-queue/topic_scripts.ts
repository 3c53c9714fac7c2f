/** The steps of the log that nobody may come between. */

/** KEYS: stream. ARGV: key, body. Gives the offset; Redis counts on from the last id by itself. */
export const APPEND = `
  local id = redis.call('XADD', KEYS[1], '0-*', 'key', ARGV[1], 'body', ARGV[2])
  return string.sub(id, 3)`;

/**
 * KEYS: clock, then stream and progress of each partition. ARGV: consumer, max, how long a partition is held.
 * Whoever reads a partition holds it until all that it was given is committed; so the order of a key is the order in
 * which it is worked on. One that was silent for too long loses it, and the next begins at the last commit.
 */
export const POLL = `
  local now, hold = tonumber(redis.call('GET', KEYS[1])), tonumber(ARGV[3])
  local consumer, left = ARGV[1], tonumber(ARGV[2])
  local records = {}
  for at = 0, (#KEYS - 1) / 2 - 1 do
    local stream, progress = KEYS[2 + 2 * at], KEYS[3 + 2 * at]
    local state = redis.call('HMGET', progress, 'owner', 'until', 'given', 'committed')
    local isHeld = state[1] and tonumber(state[2]) > now
    -- A holder that was given enough elsewhere has polled all the same.
    if isHeld and state[1] == consumer or left > 0 and not isHeld then
      local committed = tonumber(state[4] or 0)
      local given = isHeld and tonumber(state[3]) or committed
      local found = left > 0 and
        redis.call('XRANGE', stream, '0-' .. given + 1, '+', 'COUNT', left) or {}
      for _, entry in ipairs(found) do
        local offset, fields = string.sub(entry[1], 3), entry[2]
        given = tonumber(offset)
        records[#records + 1] = {at, offset, fields[2], fields[4]}
      end
      left = left - #found
      if given > committed then
        redis.call('HSET', progress, 'owner', consumer, 'until', now + hold, 'given', given)
      end
    end
  end
  return records`;

/** KEYS: clock, then the progress of each partition. ARGV: consumer, then an offset for each. 1 if done, 0 if refused. */
export const COMMIT = `
  local now = tonumber(redis.call('GET', KEYS[1]))
  for at = 2, #KEYS do
    local state = redis.call('HMGET', KEYS[at], 'owner', 'until')
    if state[1] ~= ARGV[1] or tonumber(state[2]) <= now then return 0 end
  end
  for at = 2, #KEYS do
    local state = redis.call('HMGET', KEYS[at], 'given', 'committed')
    local given, committed = tonumber(state[1]), tonumber(state[2] or 0)
    committed = math.max(committed, math.min(given, tonumber(ARGV[at])))
    redis.call('HSET', KEYS[at], 'committed', committed)
    -- All done: the partition is anybody's.
    if committed == given then redis.call('HDEL', KEYS[at], 'owner') end
  end
  return 1`;
