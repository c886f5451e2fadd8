-- A request that waits no longer gives its place away.
-- KEYS: 1 queue, 2 leases of its places   ARGV: 1 request id
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[2], ARGV[1])
