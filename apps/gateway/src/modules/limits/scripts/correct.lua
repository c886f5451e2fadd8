-- Corrects what meters of one subject have counted, because rows were priced again. Corrections come one after the other,
-- each with a number greater than the one before it; one that is known, or older than one that is, changes nothing.
-- What has left its window, or was of an earlier period of a budget, is not counted any more: nothing to correct.
-- KEYS: 1 meters (hash)
-- ARGV: 1 number of the run, 2 number of the correction in it, then per meter: id, 'b' or 'w', period or bucket, amount
-- Answers 1, or 0 where nothing was changed.
local FIELD = 'corrected'
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local run, number = tonumber(ARGV[1]), tonumber(ARGV[2])
local known_run, known_number = string.match(redis.call('HGET', KEYS[1], FIELD) or '', '^(%d+) (%d+)$')
known_run, known_number = tonumber(known_run or '0'), tonumber(known_number or '0')
if known_run > run or (known_run == run and known_number >= number) then return 0 end
redis.call('HSET', KEYS[1], FIELD, ARGV[1] .. ' ' .. ARGV[2])

for at = 3, #ARGV, 4 do
  local id, is_window = ARGV[at], ARGV[at + 1] == 'w'
  local period, amount = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local stored = redis.call('HMGET', KEYS[1], id .. '|p', id .. '|u')
  local known, used = tonumber(stored[1] or ''), tonumber(stored[2] or '0')
  local is_counted = false
  if is_window then
    -- A row that is not settled yet may be the first of its bucket.
    if known and period > known then used = advance(KEYS[1], id, known, period, used) end
    if not known or period > known then known = period end
    if period > known - SLOTS then
      is_counted = true
      redis.call('HINCRBY', KEYS[1], id .. '|' .. period % SLOTS, string.format('%.0f', amount))
    end
  elseif known == period then
    is_counted = true
  elseif not known or period > known then
    -- What is reserved of an earlier period went with it.
    known, used, is_counted = period, 0, true
    redis.call('HSET', KEYS[1], id .. '|h', 0)
  end
  if is_counted then
    redis.call('HSET', KEYS[1], id .. '|p', string.format('%.0f', known), id .. '|u', string.format('%.0f', used + amount))
  end
end
return 1
