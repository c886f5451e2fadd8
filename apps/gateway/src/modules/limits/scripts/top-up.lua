-- Reserves more for a request that runs: all of it or nothing.
-- KEYS: 1 hold of the request (hash), 2... meters of its subjects (hashes)
-- ARGV: per meter: index in KEYS, name of the subject, id, 'b' or 'w', period, max, amount
-- Answers {'ok'} or {'limit', number of the meter, used, held}. A hold that is gone (a failover lost it) takes nothing.
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'ok' } end
local take = {}
for at = 1, #ARGV, 7 do
  local meters, id, is_window = KEYS[tonumber(ARGV[at])], ARGV[at + 2], ARGV[at + 3] == 'w'
  local period, max, amount = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  local stored = redis.call('HMGET', meters, id .. '|p', id .. '|u', id .. '|h')
  local known, used, held = tonumber(stored[1] or ''), tonumber(stored[2] or '0'), tonumber(stored[3] or '0')
  if known and known < period then
    if is_window then
      used = advance(meters, id, known, period, used)
      redis.call('HSET', meters, id .. '|p', period, id .. '|u', used)
    else
      used, held = 0, 0
      redis.call('HSET', meters, id .. '|p', period, id .. '|u', 0, id .. '|h', 0)
    end
  elseif known then
    period = known
  else
    redis.call('HSET', meters, id .. '|p', period, id .. '|u', 0)
  end
  if used + held + amount > max then return { 'limit', (at + 6) / 7, used, held } end
  take[#take + 1] = {
    meters,
    id .. '|h',
    ARGV[at + 1] .. '|' .. id .. '|' .. (is_window and '-' or string.format('%.0f', period)),
    amount,
  }
end
for _, one in ipairs(take) do
  redis.call('HINCRBY', one[1], one[2], string.format('%.0f', one[4]))
  redis.call('HINCRBY', KEYS[1], one[3], string.format('%.0f', one[4]))
end
return { 'ok' }
