-- Ends what is still the caller’s: a probe, a renewal.
-- KEYS: 1 lease (string)   ARGV: 1 its value
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
