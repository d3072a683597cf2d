-- A JVM is alive and hears what is new. KEYS: epoch, jvms, processes, recalls, hints.
-- ARGV: jvm, process, since when it wants to hear, how long a silent JVM counts as alive (ms),
-- then target and duration (ms) of each hint it gives.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = redis.call('HGET', KEYS[3], ARGV[1])
if holder and holder ~= ARGV[2] then
  return {0, now, 0, 0, {}, {}}
end
if not holder then
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
end
if not redis.call('HGET', KEYS[1], 'since') then
  redis.call('HSET', KEYS[1], 'since', now)
end
redis.call('ZADD', KEYS[2], now, ARGV[1])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - 86400000)) do
  redis.call('ZREM', KEYS[2], old)
  redis.call('HDEL', KEYS[3], old)
end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 60000)
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 3600000)
for i = 5, #ARGV, 2 do
  redis.call('ZADD', KEYS[5], now, string.format('%.0f', now + ARGV[i + 1]) .. '\t' .. ARGV[1] .. '\t' .. ARGV[i])
end
local hints = {}
for _, hint in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], ARGV[3], '+inf')) do
  local ends, by = string.match(hint, '^(%d+)\t([^\t]*)\t')
  if by ~= ARGV[1] and tonumber(ends) > now then
    hints[#hints + 1] = hint
  end
end
return {
  1, now, tonumber(redis.call('HGET', KEYS[1], 'since')),
  redis.call('ZCOUNT', KEYS[2], now - ARGV[4], '+inf'),
  redis.call('ZRANGEBYSCORE', KEYS[4], ARGV[3], '+inf'), hints
}
