-- Sliding windows: a ring of 61 buckets, each 1/60 of the window, with a running total. A meter keeps, in its hash,
-- `<id>|p` (newest bucket), `<id>|u` (total), `<id>|h` (reserved) and `<id>|<bucket % 61>`.
local SLOTS = 61

-- Drops the buckets that left the window when `bucket` became the newest; answers the total of those that stay.
local function advance(meters, id, newest, bucket, total)
  local first, last = newest - SLOTS + 1, math.min(newest, bucket - SLOTS)
  if last < first then return total end
  local names = {}
  for at = first, last do names[#names + 1] = id .. '|' .. at % SLOTS end
  if last < newest then
    for _, amount in ipairs(redis.call('HMGET', meters, unpack(names))) do
      if amount then total = total - amount end
    end
  else
    total = 0
  end
  redis.call('HDEL', meters, unpack(names))
  return total
end

-- Newest bucket at whose leaving at least `amount` is free again; 0 when all of them are not enough.
local function freed_by(meters, id, newest, amount)
  local names = {}
  for at = newest - SLOTS + 1, newest do names[#names + 1] = id .. '|' .. at % SLOTS end
  local values = redis.call('HMGET', meters, unpack(names))
  for index = 1, SLOTS do
    if values[index] then amount = amount - values[index] end
    if amount <= 0 then return newest - SLOTS + index end
  end
  return 0
end
