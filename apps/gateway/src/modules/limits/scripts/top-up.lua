-- Reserves more for a request that runs: all of it or nothing.
-- KEYS: 1 holds (hash: request id -> what it holds, see hold.lua), 2... meters of its subjects (hashes)
-- ARGV: 1 request id, then per meter: index in KEYS, name of the subject, id, 'b' or 'w', period, max, amount
-- Answers {'ok'} or {'limit', number of the meter, used, held}. A hold that is gone (a failover lost it) takes nothing.
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return { 'ok' } end
local hold = read_hold(text)
local index_of = {}
for index, name in ipairs(hold.names) do index_of[name] = index end
local take = {}
for at = 2, #ARGV, 7 do
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
  if used + held + amount > max then return { 'limit', (at + 5) / 7, used, held } end
  take[#take + 1] = {
    meters,
    id .. '|h',
    ARGV[at + 1] .. '|' .. id .. '|' .. (is_window and '-' or string.format('%.0f', period)),
    amount,
  }
end
for _, one in ipairs(take) do
  local name, amount = one[3], one[4]
  redis.call('HINCRBY', one[1], one[2], string.format('%.0f', amount))
  local index = index_of[name] or #hold.names + 1
  hold.names[index], hold.amounts[index] = name, (hold.amounts[index] or 0) + amount
  index_of[name] = index
end
redis.call('HSET', KEYS[1], ARGV[1], write_hold(hold))
return { 'ok' }
