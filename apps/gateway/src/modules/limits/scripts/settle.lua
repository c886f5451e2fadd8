-- Turns reservations of one owner into what was used, each ledger row once. A row is settled when its hold is still
-- there and does not know it, or when the ledger has just learnt of it; so a repeated delivery changes nothing, and one
-- whose hold a failover lost still counts. What was settled is remembered for a while in the place of the hold: a call
-- that was sent again after a lost answer says once more that the ledger has just learnt of its rows.
-- KEYS: 1 leases of holds, then for each subject: its meters, its requests in flight; then the holds
-- ARGV: 1 number of subjects, 2 number of counters, then for each counter: index of its subject, name of the subject
--       (key | user), id, 'b' or 'w', unit (usd | tokens | requests), period or bucket; then for each row:
--       'a' (attempt) or 'r' (request: its end), 1 when the ledger has just learnt of it, index of its hold in KEYS,
--       request id, mark of the attempt, usd, tokens, requests, index of the key's subject, of the user's (0 = none),
--       number of counters, and their indexes
-- Answers how many rows were settled.
local REMEMBERED_MS = 60000
local subject_count, counter_count = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = 3
local counters = {}
for index = 1, counter_count do
  local period = tonumber(ARGV[at + 5])
  local is_window = ARGV[at + 3] == 'w'
  counters[index] = {
    subject = tonumber(ARGV[at]),
    id = ARGV[at + 2],
    is_window = is_window,
    unit = ARGV[at + 4],
    period = period,
    held = ARGV[at + 1] .. '|' .. ARGV[at + 2] .. '|' .. (is_window and '-' or ARGV[at + 5]),
    amount = 0,
  }
  at = at + 6
end

-- What is not reserved any more: subject, field of the hold -> amount.
local released = {}
local function release(subject, field, amount)
  if not released[subject] then released[subject] = {} end
  released[subject][field] = (released[subject][field] or 0) + amount
end

-- Holds as they become: read once, written or removed once, whatever rows of their request are in this call.
local holds = {}
local function read(key)
  local hold = holds[key]
  if not hold then
    local flat = redis.call('HGETALL', key)
    hold = { fields = {}, changed = {} }
    for n = 1, #flat, 2 do hold.fields[flat[n]] = flat[n + 1] end
    hold.is_there = hold.fields.facts ~= nil
    holds[key] = hold
  end
  return hold
end

local settled = 0
while at <= #ARGV do
  local is_end, is_new = ARGV[at] == 'r', ARGV[at + 1] == '1'
  local hold, request, mark = read(KEYS[tonumber(ARGV[at + 2])]), ARGV[at + 3], ARGV[at + 4]
  local amounts =
    { usd = tonumber(ARGV[at + 5]), tokens = tonumber(ARGV[at + 6]), requests = tonumber(ARGV[at + 7]) }
  local of_key, of_user, count = tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9]), tonumber(ARGV[at + 10])
  at = at + 11
  local fields = hold.fields
  if not fields[mark] and not fields.done and (hold.is_there or is_new) then
    settled = settled + 1
    for n = 0, count - 1 do
      local counter = counters[tonumber(ARGV[at + n])]
      local amount = amounts[counter.unit]
      counter.amount = counter.amount + amount
      local reserved = tonumber(fields[counter.held] or '0')
      local less = math.min(reserved, amount)
      if less > 0 then
        fields[counter.held] = reserved - less
        hold.changed[counter.held] = true
        release(counter.subject, counter.held, less)
      end
    end
    fields[mark] = 1
    hold.changed[mark] = true
  end
  if is_end and hold.is_there and not hold.ended then
    hold.ended = { request = request, of_key = of_key, of_user = of_user }
    for field, value in pairs(fields) do
      local name = string.match(field, '^(%a+)|')
      local amount = name and tonumber(value) or 0
      if amount > 0 then
        fields[field] = 0
        release(name == 'user' and of_user or of_key, field, amount)
      end
    end
  end
  at = at + count
end

for key, hold in pairs(holds) do
  local ended = hold.ended
  if ended then
    redis.call('DEL', key)
    redis.call('HSET', key, 'done', 1)
    redis.call('PEXPIRE', key, REMEMBERED_MS)
    redis.call('ZREM', KEYS[1], ended.request)
    redis.call('ZREM', KEYS[2 * ended.of_key + 1], ended.request)
    if ended.of_user > 0 then redis.call('ZREM', KEYS[2 * ended.of_user + 1], ended.request) end
  elseif next(hold.changed) then
    local set = {}
    for field in pairs(hold.changed) do
      set[#set + 1] = field
      set[#set + 1] = hold.fields[field]
    end
    redis.call('HSET', key, unpack(set))
    if not hold.is_there then redis.call('PEXPIRE', key, REMEMBERED_MS) end
  end
end

for _, counter in ipairs(counters) do
  if counter.amount > 0 then
    local meters, id, period = KEYS[2 * counter.subject], counter.id, counter.period
    local stored = redis.call('HMGET', meters, id .. '|p', id .. '|u')
    local known, used = tonumber(stored[1] or ''), tonumber(stored[2] or '0')
    if counter.is_window then
      if known and period > known then used = advance(meters, id, known, period, used) end
      if not known or period > known then known = period end
      -- What began before the window is not in it.
      if period > known - SLOTS then
        redis.call('HSET', meters, id .. '|p', known, id .. '|u', used + counter.amount)
        redis.call('HINCRBY', meters, id .. '|' .. period % SLOTS, string.format('%.0f', counter.amount))
      end
    elseif known == period then
      redis.call('HSET', meters, id .. '|u', used + counter.amount)
    elseif not known or period > known then
      redis.call('HSET', meters, id .. '|p', period, id .. '|u', counter.amount, id .. '|h', 0)
    end
  end
end

for subject, fields in pairs(released) do
  local meters = KEYS[2 * subject]
  for field, amount in pairs(fields) do
    local id, period = string.match(field, '^%a+|(.*)|([^|]*)$')
    local stored = redis.call('HMGET', meters, id .. '|p', id .. '|h')
    -- A reservation of an earlier period went with it.
    if stored[2] and (period == '-' or stored[1] == period) then
      redis.call('HSET', meters, id .. '|h', math.max(0, stored[2] - amount))
    end
  end
end
return settled
