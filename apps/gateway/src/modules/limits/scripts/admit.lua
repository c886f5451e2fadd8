-- Admits requests of one relay key, one after the other, or says why not: status of the key, every window and budget of
-- the key and of its owner, a place under their concurrency. All or nothing for each, in one step for all replicas.
-- KEYS: 1 gate of the key (hash), 2 leases of holds (sorted set: request id -> end in ms), 3 holds (hash: request id ->
--       what it holds, see hold.lua), 4 queue (sorted set: request id -> time of arrival in us), 5 leases of its places
--       (sorted set), then for each subject: its meters (hash), its requests in flight (sorted set); then the accounts
--       of clients' sessions (strings)
-- ARGV: 1 version of the key the caller knows, 2 lease in ms, 3 places in the queue (0 = none), 4 lease of such a place
--       in ms, 5 what limits them, as JSON: [concurrency (0 = no limit), name, meters] for each subject, and for each
--       meter [id, 'b' (budget) or 'w' (window), period (its start) or bucket, max, unit (usd | tokens | requests),
--       1 where a request never reserves more than max], then for each request: its id, usd and tokens to reserve, what
--       is known of it ('' = it takes nothing, and only the key's status counts), the number of its session (0 = none)
-- Answers for each request the account of its session ('' = none) where it is admitted, else {verdict, ...}: missing |
--       disabled | deleted | expired | stale | waiting, rank | busy, subject, used | limit, subject, meter, used, held,
--       needed, bucket that has to leave (windows)
local HEAD, EACH = 5, 5
local count = (#ARGV - HEAD) / EACH

local function refuse_all(verdict)
  local answers = {}
  for index = 1, count do answers[index] = { verdict } end
  return answers
end

local gate = redis.call('HMGET', KEYS[1], 'version', 'state', 'expiresAtMs', 'afterFirstUseMs', 'activatedAtMs')
if not gate[1] then return refuse_all('missing') end
if gate[2] ~= 'active' then return refuse_all(gate[2]) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expires = tonumber(gate[3] or '')
if expires and expires <= now then return refuse_all('expired') end
local life = tonumber(gate[4] or '')
local activated = tonumber(gate[5] or '')
if life and activated and activated + life <= now then return refuse_all('expired') end
if gate[1] ~= ARGV[1] then return refuse_all('stale') end

local lease_end, places, place_ms = now + ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local subjects = cjson.decode(ARGV[5])
local first_session = 2 * #subjects + 6
local accounts = #KEYS >= first_session and redis.call('MGET', unpack(KEYS, first_session)) or {}

-- Every meter as it stands, read once; what the requests of this call reserve is added to it.
local names = {}
for index, subject in ipairs(subjects) do
  local max, name, meters = subject[1], subject[2], subject[3]
  subject.max, subject.meters, subject.running = max, meters, KEYS[2 * index + 5]
  subject.key = KEYS[2 * index + 4]
  if #meters > 0 then
    local fields = {}
    for n, meter in ipairs(meters) do
      local id = meter[1]
      fields[3 * n - 2], fields[3 * n - 1], fields[3 * n] = id .. '|p', id .. '|u', id .. '|h'
    end
    local stored = redis.call('HMGET', subject.key, unpack(fields))
    for n, meter in ipairs(meters) do
      local id, is_window, period = meter[1], meter[2] == 'w', meter[3]
      local known = tonumber(stored[3 * n - 2] or '')
      local used, held = tonumber(stored[3 * n - 1] or '0'), tonumber(stored[3 * n] or '0')
      meter.is_changed = not known or known < period
      if not meter.is_changed then
        period = known
      elseif known and is_window then
        used = advance(subject.key, id, known, period, used)
        redis.call('HSET', subject.key, fields[3 * n - 2], period, fields[3 * n - 1], used)
        meter.is_changed = false
      else
        used = 0
        -- Reservations of an earlier period of a budget count there.
        if not is_window then held = 0 end
      end
      meter.is_window, meter.period, meter.used, meter.held, meter.taken = is_window, period, used, held, 0
      names[#names + 1] = name .. '|' .. id .. '|' .. (is_window and '-' or string.format('%.0f', period))
    end
  end
end
local held_names = table.concat(names, ' ')

-- The first subject that has no place free, and how many it has taken.
local function full()
  for index, subject in ipairs(subjects) do
    if subject.max > 0 then
      subject.used = subject.used or redis.call('ZCARD', subject.running)
      if subject.used >= subject.max and not subject.is_cleared then
        -- Those whose lease has run out are looked for only where they would be in the way.
        subject.used = subject.used - redis.call('ZREMRANGEBYSCORE', subject.running, '-inf', now)
        subject.is_cleared = true
      end
      if subject.used >= subject.max then return index, subject.used end
    end
  end
end

local function leave_queue(request)
  if redis.call('ZREM', KEYS[4], request) == 1 then redis.call('ZREM', KEYS[5], request) end
end

-- What is in the way of a place for the request: nothing (nil), or the answer.
local function stand(request)
  local taken, used
  if places == 0 then
    taken, used = full()
    return taken and { 'busy', taken, used }
  end
  for _, waiter in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now)) do
    redis.call('ZREM', KEYS[4], waiter)
    redis.call('ZREM', KEYS[5], waiter)
  end
  local rank = redis.call('ZRANK', KEYS[4], request)
  local waiting = redis.call('ZCARD', KEYS[4])
  local is_first = rank == 0 or (not rank and waiting == 0)
  if is_first then taken, used = full() end
  if taken or not is_first then
    if not rank then
      if waiting >= places then return { 'busy', taken or 1, used or -1 } end
      redis.call('ZADD', KEYS[4], time[1] * 1000000 + time[2], request)
      rank = waiting
    end
    redis.call('ZADD', KEYS[5], now + place_ms, request)
    redis.call('PEXPIRE', KEYS[4], place_ms * 6)
    redis.call('PEXPIRE', KEYS[5], place_ms * 6)
    return { 'waiting', rank }
  end
  if rank then leave_queue(request) end
end

local holds, leases = {}, {}
local function admit(request, usd, tokens, facts)
  local amounts = {}
  -- Every meter is looked at before anything is taken.
  for index, subject in ipairs(subjects) do
    for n, meter in ipairs(subject.meters) do
      local max, unit, amount = meter[4], meter[5], 1
      if unit ~= 'requests' then
        amount = unit == 'usd' and usd or tokens
        if meter[6] == 1 then amount = math.min(math.max(1, amount), max) end
      end
      local over = meter.used + meter.held + amount - max
      if over > 0 then
        local leaving = meter.is_window and freed_by(subject.key, meter[1], meter.period, over) or 0
        leave_queue(request)
        return { 'limit', index, n, meter.used, meter.held, amount, leaving }
      end
      amounts[#amounts + 1] = amount
    end
  end
  local refusal = stand(request)
  if refusal or facts == '' then return refusal end
  local at = 0
  for _, subject in ipairs(subjects) do
    for _, meter in ipairs(subject.meters) do
      at = at + 1
      meter.held, meter.taken = meter.held + amounts[at], meter.taken + 1
    end
    if subject.max > 0 then subject.used = subject.used + 1 end
  end
  local size = #holds
  holds[size + 1], holds[size + 2] = request, held_names .. '\n' .. integers(amounts) .. '\n\n' .. facts
  leases[size + 1], leases[size + 2] = lease_end, request
end

local answers = {}
for index = 1, count do
  local at = HEAD + EACH * (index - 1)
  local refusal = admit(ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4])
  answers[index] = refusal or accounts[tonumber(ARGV[at + 5])] or ''
  if not refusal and life and not activated then
    activated = now
    redis.call('HSET', KEYS[1], 'activatedAtMs', now)
  end
end

if #holds == 0 then return answers end
for _, subject in ipairs(subjects) do
  local set = {}
  for _, meter in ipairs(subject.meters) do
    if meter.taken > 0 then
      local id, size = meter[1], #set
      set[size + 1], set[size + 2] = id .. '|h', meter.held
      if meter.is_changed then
        set[size + 3], set[size + 4], set[size + 5], set[size + 6] = id .. '|p', meter.period, id .. '|u', meter.used
      end
    end
  end
  if #set > 0 then redis.call('HSET', subject.key, unpack(set)) end
  if subject.max > 0 then redis.call('ZADD', subject.running, unpack(leases)) end
end
redis.call('HSET', KEYS[3], unpack(holds))
redis.call('ZADD', KEYS[2], unpack(leases))
return answers
