-- Turns reservations of one owner into what was used, each ledger row once. A row is settled when its hold is still
-- there and does not know it, or when the ledger has just learnt of it; so a repeated delivery changes nothing, and one
-- whose hold a failover lost still counts. A call is known by its name for a while: the driver sends it again when its
-- answer was lost, and then it says once more that the ledger has just learnt of its rows.
-- KEYS: 1 name of this call, 2 leases of holds, 3 holds (hash: request id -> what it holds, see hold.lua), then for each
--       subject: its meters, its requests in flight
-- ARGV: 1 JSON of three lists: counters, each [index of its subject, name of the subject (key | user), id, 'b' or 'w',
--       unit (usd | tokens | requests), period or bucket]; shapes, each [index of the key's subject, of the user's (0 =
--       none), indexes of the counters that count such requests]; requests, each [id, index of its shape, then of each
--       row: its mark ('end' for the request itself), 1 when the ledger has just learnt of it, usd, tokens, requests]
-- Answers how many rows were settled.
local REMEMBERED_MS = 60000
local UNIT = { usd = 1, tokens = 2, requests = 3 }
if not redis.call('SET', KEYS[1], 1, 'NX', 'PX', REMEMBERED_MS) then return 0 end
local call = cjson.decode(ARGV[1])
local counters, shapes, requests = call[1], call[2], call[3]
for _, counter in ipairs(counters) do
  local is_window = counter[4] == 'w'
  counter.held = counter[2] .. '|' .. counter[3] .. '|' .. (is_window and '-' or string.format('%.0f', counter[6]))
  counter.is_window, counter.amount = is_window, 0
end
for _, shape in ipairs(shapes) do shape.sums = { 0, 0, 0 } end

-- What is not reserved any more: subject -> name in the holds -> amount.
local released = {}
local function release(shape, name, amount)
  local subject = string.sub(name, 1, 4) == 'user' and shape[2] or shape[1]
  local names = released[subject]
  if not names then
    names = {}
    released[subject] = names
  end
  names[name] = (names[name] or 0) + amount
end

-- The rows of a request whose hold is not there, or knows some of them, or stays: one by one.
local function settle_each(request, shape, hold)
  local settled, is_end = 0, false
  local known = {}
  if hold then
    for _, mark in ipairs(hold.marks) do known[mark] = true end
  end
  for at = 3, #request, 5 do
    local mark = request[at]
    if mark == 'end' then is_end = true end
    if not known[mark] and (hold or request[at + 1] == 1) then
      known[mark] = true
      settled = settled + 1
      local sums = { request[at + 2], request[at + 3], request[at + 4] }
      for unit = 1, 3 do shape.sums[unit] = shape.sums[unit] + sums[unit] end
      if hold then
        hold.marks[#hold.marks + 1] = mark
        local index_of = {}
        for index, name in ipairs(hold.names) do index_of[name] = index end
        for _, n in ipairs(shape[3]) do
          local counter = counters[n]
          local index = index_of[counter.held]
          local less = index and math.min(hold.amounts[index], sums[UNIT[counter[5]]]) or 0
          if less > 0 then
            hold.amounts[index] = hold.amounts[index] - less
            release(shape, counter.held, less)
          end
        end
      end
    end
  end
  return settled, is_end
end

local ids = {}
for index, request in ipairs(requests) do ids[index] = request[1] end
local stored = redis.call('HMGET', KEYS[3], unpack(ids))
local settled, ended, still = 0, {}, {}
for index, request in ipairs(requests) do
  local shape = shapes[request[2]]
  local hold = stored[index] and read_hold(stored[index])
  local is_end
  if hold and #hold.marks == 0 and request[#request - 4] == 'end' then
    -- Nearly every request: all of its rows at once, and its hold has seen none of them.
    is_end = true
    local sums = shape.sums
    for at = 3, #request, 5 do
      settled = settled + 1
      sums[1], sums[2], sums[3] = sums[1] + request[at + 2], sums[2] + request[at + 3], sums[3] + request[at + 4]
    end
  else
    local count
    count, is_end = settle_each(request, shape, hold)
    settled = settled + count
    if hold and not is_end and count > 0 then
      still[#still + 1], still[#still + 2] = request[1], write_hold(hold)
    end
  end
  if hold and is_end then
    for n, name in ipairs(hold.names) do release(shape, name, hold.amounts[n]) end
    ended[#ended + 1] = request[1]
    for subject = 1, 2 do
      if shape[subject] > 0 then
        local left = shape[subject + 3] or {}
        shape[subject + 3] = left
        left[#left + 1] = request[1]
      end
    end
  end
end

if #still > 0 then redis.call('HSET', KEYS[3], unpack(still)) end
if #ended > 0 then
  redis.call('HDEL', KEYS[3], unpack(ended))
  redis.call('ZREM', KEYS[2], unpack(ended))
  for _, shape in ipairs(shapes) do
    for subject = 1, 2 do
      local left = shape[subject + 3]
      if left then redis.call('ZREM', KEYS[2 * shape[subject] + 3], unpack(left)) end
    end
  end
end
for _, shape in ipairs(shapes) do
  for _, index in ipairs(shape[3]) do
    local counter = counters[index]
    counter.amount = counter.amount + shape.sums[UNIT[counter[5]]]
  end
end

-- Subject -> meters that change, each read and written once with all others of its subject.
local changes = {}
local function change(subject, id)
  local meters = changes[subject]
  if not meters then
    meters = { list = {}, by_id = {} }
    changes[subject] = meters
  end
  local meter = meters.by_id[id]
  if not meter then
    meter = { id = id, counters = {}, released = {} }
    meters.by_id[id] = meter
    meters.list[#meters.list + 1] = meter
  end
  return meter
end
for _, counter in ipairs(counters) do
  if counter.amount > 0 then
    local meter = change(counter[1], counter[3])
    meter.counters[#meter.counters + 1] = counter
  end
end
for subject, names in pairs(released) do
  for name, amount in pairs(names) do
    local id, period = string.match(name, '^%a+|(.*)|([^|]*)$')
    local meter = change(subject, id)
    meter.released[#meter.released + 1] = { period, amount }
  end
end

for subject, meters in pairs(changes) do
  local key, fields, set = KEYS[2 * subject + 2], {}, {}
  for n, meter in ipairs(meters.list) do
    local id = meter.id
    fields[3 * n - 2], fields[3 * n - 1], fields[3 * n] = id .. '|p', id .. '|u', id .. '|h'
  end
  local values = redis.call('HMGET', key, unpack(fields))
  for n, meter in ipairs(meters.list) do
    local id = meter.id
    local known, used = tonumber(values[3 * n - 2] or ''), tonumber(values[3 * n - 1] or '0')
    local held = tonumber(values[3 * n] or '')
    local is_counted = false
    for _, counter in ipairs(meter.counters) do
      local period, amount = counter[6], counter.amount
      if counter.is_window then
        if known and period > known then used = advance(key, id, known, period, used) end
        if not known or period > known then known = period end
        -- What began before the window is not in it.
        if period > known - SLOTS then
          used, is_counted = used + amount, true
          redis.call('HINCRBY', key, id .. '|' .. period % SLOTS, string.format('%.0f', amount))
        end
      elseif known == period then
        used, is_counted = used + amount, true
      elseif not known or period > known then
        known, used, held, is_counted = period, amount, 0, true
      end
    end
    local is_released = false
    for _, one in ipairs(meter.released) do
      -- A reservation of an earlier period went with it.
      if held and (one[1] == '-' or tonumber(one[1]) == known) then
        held, is_released = math.max(0, held - one[2]), true
      end
    end
    local size = #set
    if is_counted then
      set[size + 1], set[size + 2], set[size + 3], set[size + 4] = fields[3 * n - 2], known, fields[3 * n - 1], used
      size = size + 4
    end
    if held and (is_released or is_counted) then
      set[size + 1], set[size + 2] = fields[3 * n], held
    end
  end
  if #set > 0 then redis.call('HSET', key, unpack(set)) end
end
return settled
