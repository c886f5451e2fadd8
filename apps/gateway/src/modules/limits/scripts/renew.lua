-- Prolongs leases that are still held; one that has run out meanwhile is taken again, for its request still runs.
-- KEYS: 1 leases (sorted set)   ARGV: 1 lease in ms, 2 life of the set in ms (0 = for ever), 3... ids
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 3, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[index]) end
if ARGV[2] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return #ARGV - 2
