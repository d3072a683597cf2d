-- A JVM takes its name. KEYS: epoch, jvms, processes. ARGV: jvm, process, run of the server,
-- how long a JVM that says nothing still has its name (ms).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[3] or not redis.call('HGET', KEYS[1], 'since') then
  -- Another server than before, or one that was empty: what it has may be old.
  redis.call('HSET', KEYS[1], 'run', ARGV[3], 'since', now)
end
local holder = redis.call('HGET', KEYS[3], ARGV[1])
local seen = redis.call('ZSCORE', KEYS[2], ARGV[1])
if holder and holder ~= ARGV[2] and seen and now - seen < tonumber(ARGV[4]) then
  return 0
end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
return 1
