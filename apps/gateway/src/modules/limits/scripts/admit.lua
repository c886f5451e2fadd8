-- Admits one request of a relay key, or says why not: status of the key, every window and budget of the key and of its
-- owner, a place under their concurrency. All or nothing, in one step for all replicas.
-- KEYS: 1 gate of the key (hash), 2 leases of holds (sorted set: request id -> end in ms), 3 hold of the request (hash),
--       4 account of the client's session (string; the gate again where there is none), 5 queue (sorted set: request id -> time of arrival in us),
--       6 leases of its places (sorted set), then for each subject: its meters (hash), its requests in flight (sorted set)
-- ARGV: 1 version of the key the caller knows, 2 request id, 3 lease in ms, 4 what is known of the request ('' = it takes
--       nothing and only the key's status counts), 5 places in the queue (0 = none), 6 lease of such a place in ms,
--       7 number of subjects, then for each: concurrency (0 = no limit), name, number of meters, and for each meter:
--       id, 'b' (budget) or 'w' (window), period (its start) or bucket, max, amount to reserve
-- Answers {verdict, account of the session, ...}: ok | missing | disabled | deleted | expired | stale |
--       waiting, rank | busy, subject, used | limit, subject, meter, used, held, bucket that has to leave (windows)
local gate = redis.call('HMGET', KEYS[1], 'version', 'state', 'expiresAtMs', 'afterFirstUseMs', 'activatedAtMs')
if not gate[1] then return { 'missing', '' } end
if gate[2] ~= 'active' then return { gate[2], '' } end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expires = tonumber(gate[3] or '')
if expires and expires <= now then return { 'expired', '' } end
local life = tonumber(gate[4] or '')
local activated = tonumber(gate[5] or '')
if life and activated and activated + life <= now then return { 'expired', '' } end
if gate[1] ~= ARGV[1] then return { 'stale', '' } end

local request, lease, facts = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local account = KEYS[4] ~= KEYS[1] and redis.call('GET', KEYS[4]) or ''
local subjects = {}
local hold = {}
local at = 8

-- Every meter is looked at before anything is taken.
for index = 1, tonumber(ARGV[7]) do
  local subject = { meters = KEYS[5 + 2 * index], running = KEYS[6 + 2 * index], max = tonumber(ARGV[at]), set = {} }
  local name, count = ARGV[at + 1], tonumber(ARGV[at + 2])
  at = at + 3
  subjects[index] = subject
  if count > 0 then
    local fields = {}
    for n = 0, count - 1 do
      local id = ARGV[at + 5 * n]
      fields[3 * n + 1], fields[3 * n + 2], fields[3 * n + 3] = id .. '|p', id .. '|u', id .. '|h'
    end
    local stored = redis.call('HMGET', subject.meters, unpack(fields))
    for n = 0, count - 1 do
      local id, is_window = ARGV[at], ARGV[at + 1] == 'w'
      local period, max, amount = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
      local known = tonumber(stored[3 * n + 1] or '')
      local is_changed = not known or known < period
      local used, held = tonumber(stored[3 * n + 2] or '0'), tonumber(stored[3 * n + 3] or '0')
      if is_changed then
        if known and is_window then
          used = advance(subject.meters, id, known, period, used)
          redis.call('HSET', subject.meters, id .. '|p', period, id .. '|u', used)
        else
          used = 0
          -- Reservations of an earlier period of a budget count there.
          if not is_window then held = 0 end
        end
      else
        period = known
      end
      if used + held + amount > max then
        local leaving = 0
        if is_window then leaving = freed_by(subject.meters, id, period, used + held + amount - max) end
        if redis.call('ZREM', KEYS[5], request) == 1 then redis.call('ZREM', KEYS[6], request) end
        return { 'limit', account, index, n + 1, used, held, leaving }
      end
      local set = subject.set
      local size = #set
      set[size + 1], set[size + 2] = fields[3 * n + 3], held + amount
      if is_changed then
        set[size + 3], set[size + 4] = fields[3 * n + 1], period
        set[size + 5], set[size + 6] = fields[3 * n + 2], used
      end
      hold[#hold + 1] = name .. '|' .. id .. '|' .. (is_window and '-' or string.format('%.0f', period))
      hold[#hold + 1] = amount
      at = at + 5
    end
  end
end

-- The first subject that has no place free, and how many it has taken.
local function full()
  for index, subject in ipairs(subjects) do
    if subject.max > 0 then
      -- Those whose lease has run out are looked for only where they would be in the way.
      local used = redis.call('ZCARD', subject.running)
      if used >= subject.max then
        used = used - redis.call('ZREMRANGEBYSCORE', subject.running, '-inf', now)
        if used >= subject.max then return index, used end
      end
    end
  end
end

local places = tonumber(ARGV[5])
if places > 0 then
  local gone = redis.call('ZRANGEBYSCORE', KEYS[6], '-inf', now)
  for _, waiter in ipairs(gone) do
    redis.call('ZREM', KEYS[5], waiter)
    redis.call('ZREM', KEYS[6], waiter)
  end
  local rank = redis.call('ZRANK', KEYS[5], request)
  local waiting = redis.call('ZCARD', KEYS[5])
  local is_first = rank == 0 or (not rank and waiting == 0)
  local taken, used
  if is_first then taken, used = full() end
  if taken or not is_first then
    if not rank then
      if waiting >= places then return { 'busy', account, taken or 1, used or -1 } end
      redis.call('ZADD', KEYS[5], time[1] * 1000000 + time[2], request)
      rank = waiting
    end
    local life_ms = tonumber(ARGV[6])
    redis.call('ZADD', KEYS[6], now + life_ms, request)
    redis.call('PEXPIRE', KEYS[5], life_ms * 6)
    redis.call('PEXPIRE', KEYS[6], life_ms * 6)
    return { 'waiting', account, rank }
  end
  if rank then
    redis.call('ZREM', KEYS[5], request)
    redis.call('ZREM', KEYS[6], request)
  end
else
  local taken, used = full()
  if taken then return { 'busy', account, taken, used } end
end

if life and not activated then redis.call('HSET', KEYS[1], 'activatedAtMs', now) end
if facts == '' then return { 'ok', account } end
for _, subject in ipairs(subjects) do
  if #subject.set > 0 then redis.call('HSET', subject.meters, unpack(subject.set)) end
  if subject.max > 0 then redis.call('ZADD', subject.running, now + lease, request) end
end
redis.call('HSET', KEYS[3], 'facts', facts, unpack(hold))
redis.call('ZADD', KEYS[2], now + lease, request)
return { 'ok', account }
