-- A JVM says what it has of an account that is spent and asks for more. Everything is a total of the window, so that
-- a message that comes twice changes nothing; one that comes late is known by its number.
-- KEYS: account, recalls, epoch, jvms. ARGV: jvm, number, limit, spent, keep, need, demand, ahead,
-- when the account may be forgotten (ms), its name, how long everybody may take to come back (ms),
-- how long a silent JVM counts as alive (ms).
-- The account: t what all JVMs have, u what they have spent, g:<jvm>, s:<jvm> each of them, n:<jvm> its
-- last number. Gives 0 granted, 1 denied, 2 too early, -1 overtaken; what the JVM has; what nobody has;
-- what is spent; when denied, what JVMs have that are not alive, and so will not give back.
local jvm = ARGV[1]
local limit, spent, keep = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local need, demand, ahead = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local kept = redis.call('HMGET', KEYS[1], 't', 'u', 'g:' .. jvm, 's:' .. jvm, 'n:' .. jvm)
local t, u = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
local g, s, n = tonumber(kept[3] or 0), tonumber(kept[4] or 0), tonumber(kept[5] or 0)
if tonumber(ARGV[2]) <= n then
  return {-1, n, 0, 0, 0}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = redis.call('HGET', KEYS[3], 'since')
if not since then
  since = now
  redis.call('HSET', KEYS[3], 'since', now)
end
local free = limit - (t - g)
local has = keep
local outcome = 0
if need > keep or ahead > 0 then
  if now - since < tonumber(ARGV[11]) then
    outcome = 2
  elseif need > keep then
    if need <= free then
      has = math.min(free, math.max(need, demand))
    else
      outcome = 1
      redis.call('ZADD', KEYS[2], now, ARGV[10])
    end
  end
  if outcome == 0 and ahead > 0 and free > has then
    has = has + math.min(ahead, math.floor((free - has) / 4))
  end
end
local lost = 0
if outcome == 1 then
  local all = redis.call('HGETALL', KEYS[1])
  local values = {}
  for i = 1, #all, 2 do
    values[all[i]] = all[i + 1]
  end
  for field, value in pairs(values) do
    local other = string.match(field, '^g:(.*)$')
    if other and other ~= jvm and value ~= values['s:' .. other] then
      local seen = redis.call('ZSCORE', KEYS[4], other)
      if not seen or now - seen > tonumber(ARGV[12]) then
        lost = lost + value - values['s:' .. other]
      end
    end
  end
end
t = t - g + has
u = u - s + spent
redis.call('HSET', KEYS[1], 't', string.format('%.0f', t), 'u', string.format('%.0f', u),
  'g:' .. jvm, string.format('%.0f', has), 's:' .. jvm, ARGV[4], 'n:' .. jvm, ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ARGV[9])
return {outcome, has, limit - t, u, lost}
