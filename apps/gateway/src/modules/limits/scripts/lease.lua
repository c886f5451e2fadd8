-- Takes one of `max` leases of an account, exact over all replicas.
-- KEYS: 1 leases (sorted set: attempt id -> end of its lease in ms)
-- ARGV: 1 attempt id, 2 max, 3 lease in ms
-- Answers 1 when taken, 0 when none is free.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 2)
return 1
