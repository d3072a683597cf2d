-- A JVM says what it has of an amount that comes back by itself, places or what a sliding minute holds, and
-- asks for more. All are totals, so that a message that comes twice changes nothing; one that comes late is
-- known by its number.
-- KEYS: account, recalls, epoch, jvms. ARGV: jvm, number, limit, used, keep, need, demand, ahead,
-- when the account may be forgotten (ms), its name, how long everybody may take to come back (ms),
-- how long what a silent JVM has is kept for it (ms).
-- The account: t what all JVMs have, u what they use, g:<jvm>, s:<jvm> each of them, n:<jvm> its last number,
-- a:<jvm> when that came; w:<jvm> when it last went without, b:<jvm> since when, d:<jvm> how much it lacked; w when
-- anybody last did. Gives 0 granted, 1 denied, 2 too early, -1 overtaken; what the JVM has; what nobody has; what
-- is used; 0.
-- Nobody starves: who goes without is served before those who have as much as everybody could, and before
-- those who came later.
local jvm = ARGV[1]
local limit, used, keep = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local need, demand, ahead = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local account = KEYS[1]
local kept = redis.call('HMGET', account, 't', 'u', 'g:' .. jvm, 's:' .. jvm, 'n:' .. jvm, 'w', 'w:' .. jvm, 'b:' .. jvm)
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
local remembered = 1000
local contended = now - tonumber(kept[6] or 0) < remembered
local most = limit
local promised = 0
local began = now
if kept[7] and now - tonumber(kept[7]) < remembered then
  began = tonumber(kept[8])
end
if need > limit - (t - g) or (contended and need > keep) then
  local all = redis.call('HGETALL', account)
  local values = {}
  for i = 1, #all, 2 do
    values[all[i]] = tonumber(all[i + 1])
  end
  local parties = 1
  local others = {}
  for field, at in pairs(values) do
    local other = string.match(field, '^a:(.*)$')
    if other and other ~= jvm then
      if now - at > tonumber(ARGV[12]) then
        t = t - values['g:' .. other]
        u = u - values['s:' .. other]
        redis.call('HDEL', account, 'g:' .. other, 's:' .. other, 'n:' .. other, 'a:' .. other,
          'w:' .. other, 'b:' .. other, 'd:' .. other)
      else
        local wants = values['w:' .. other] and now - values['w:' .. other] < remembered
        if wants or values['g:' .. other] > 0 then
          parties = parties + 1
        end
        if wants then
          others[#others + 1] = other
        end
      end
    end
  end
  local fair = math.max(1, math.floor(limit / parties))
  for _, other in ipairs(others) do
    if values['g:' .. other] < fair then
      -- A call that is larger than that must be able to go some time, too.
      most = math.max(fair, keep, keep == 0 and need or 0)
      if values['b:' .. other] < began then
        promised = promised + values['d:' .. other]
      end
    end
  end
end
local free = limit - (t - g)
local has = keep
local outcome = 0
if need > keep or ahead > 0 then
  if now - since < tonumber(ARGV[11]) then
    outcome = 2
  elseif need > keep then
    local mine = math.min(free - promised, most)
    if need <= mine then
      has = math.min(mine, math.max(need, demand))
      redis.call('HDEL', account, 'w:' .. jvm, 'b:' .. jvm, 'd:' .. jvm)
    else
      outcome = 1
      contended = true
      redis.call('HSET', account, 'w', now, 'w:' .. jvm, now, 'b:' .. jvm, began,
        'd:' .. jvm, string.format('%.0f', need - keep))
      redis.call('ZADD', KEYS[2], now, ARGV[10])
    end
  end
  if outcome == 0 and not contended and ahead > 0 and free > has then
    has = has + math.min(ahead, math.floor((free - has) / 4))
  end
end
t = t - g + has
u = u - s + used
redis.call('HSET', account, 't', string.format('%.0f', t), 'u', string.format('%.0f', u),
  'g:' .. jvm, string.format('%.0f', has), 's:' .. jvm, ARGV[4], 'n:' .. jvm, ARGV[2], 'a:' .. jvm, now)
redis.call('PEXPIREAT', account, ARGV[9])
return {outcome, has, limit - t, u, 0}
