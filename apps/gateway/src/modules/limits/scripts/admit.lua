-- Admits one request of a relay key, or says why not. All or nothing, in one step for all replicas.
-- KEYS: 1 gate of the key (hash), 2 requests in flight (sorted set: request id -> end of its lease in ms)
-- ARGV: 1 version the caller knows, 2 request id, 3 concurrency (0 = no limit), 4 lease in ms
-- Answers {verdict, used}: ok | missing | disabled | deleted | expired | stale | busy
local gate = redis.call('HMGET', KEYS[1], 'version', 'state', 'expiresAtMs', 'afterFirstUseMs', 'activatedAtMs')
if not gate[1] then return { 'missing', 0 } end
if gate[2] ~= 'active' then return { gate[2], 0 } end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expires = tonumber(gate[3] or '')
if expires and expires <= now then return { 'expired', 0 } end
local life = tonumber(gate[4] or '')
local activated = tonumber(gate[5] or '')
if life and activated and activated + life <= now then return { 'expired', 0 } end
if gate[1] ~= ARGV[1] then return { 'stale', 0 } end

local max = tonumber(ARGV[3])
local used = 0
if max > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  used = redis.call('ZCARD', KEYS[2])
  if used >= max then return { 'busy', used } end
  redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[4] * 2)
end
if life and not activated then redis.call('HSET', KEYS[1], 'activatedAtMs', now) end
return { 'ok', used + 1 }
