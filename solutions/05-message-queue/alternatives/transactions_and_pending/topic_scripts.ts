/** The steps of the log that nobody may come between, on the consumer groups of Redis. */

/** KEYS: stream. ARGV: key, body. Gives the offset; Redis counts on from the last id by itself. */
export const APPEND = `
  local id = redis.call('XADD', KEYS[1], '0-*', 'key', ARGV[1], 'body', ARGV[2])
  return string.sub(id, 3)`;

/** Pending entries of a partition, and who has one that is not too old. */
const HOLDER = `
  local function holderOf(stream, group, hold)
    redis.pcall('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
    local pending = redis.call('XPENDING', stream, group, '-', '+', 100000)
    for _, entry in ipairs(pending) do
      if entry[3] < hold then return pending, entry[2] end
    end
    return pending, nil
  end`;

/** KEYS: streams. ARGV: group, consumer, max, how long a partition is held. */
export const POLL = `
  ${HOLDER}
  local group, consumer = ARGV[1], ARGV[2]
  local left, hold = tonumber(ARGV[3]), tonumber(ARGV[4])
  local records = {}
  local function give(at, entries)
    for _, entry in ipairs(entries) do
      records[#records + 1] = {at, string.sub(entry[1], 3), entry[2][2], entry[2][4]}
      left = left - 1
    end
  end
  for at, stream in ipairs(KEYS) do
    local pending, holder = holderOf(stream, group, hold)
    if holder == nil or holder == consumer then
      for _, entry in ipairs(pending) do
        local isMine = holder == consumer and entry[2] == consumer
        if isMine then
          -- Still here: all that it has stays fresh.
          redis.call('XCLAIM', stream, group, consumer, 0, entry[1], 'JUSTID')
        elseif left > 0 then
          give(at, redis.call('XCLAIM', stream, group, consumer, 0, entry[1]))
        end
      end
      if left > 0 then
        local read = redis.call('XREADGROUP', 'GROUP', group, consumer,
          'COUNT', left, 'STREAMS', stream, '>')
        if read then give(at, read[1][2]) end
      end
    end
  end
  return records`;

/** KEYS: streams. ARGV: group, consumer, hold, an offset for each stream. 1 if done, 0 if refused. */
export const COMMIT = `
  ${HOLDER}
  local group, consumer, hold = ARGV[1], ARGV[2], tonumber(ARGV[3])
  for _, stream in ipairs(KEYS) do
    local _, holder = holderOf(stream, group, hold)
    if holder ~= consumer then return 0 end
  end
  for at, stream in ipairs(KEYS) do
    for _, entry in ipairs(holderOf(stream, group, hold)) do
      local offset = tonumber(string.sub(entry[1], 3))
      if entry[2] == consumer and offset <= tonumber(ARGV[3 + at]) then
        redis.call('XACK', stream, group, entry[1])
      end
    end
  end
  return 1`;
