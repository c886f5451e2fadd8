-- Begins a run, where none is under way and none has been since its preview.
-- KEYS: 1 the run (hash)   ARGV: 1 number of the run before it, then (field, value)... of the new one
-- Answers 'begun', 'running' or 'changed'.
if redis.call('HGET', KEYS[1], 'status') == 'running' then return 'running' end
if (redis.call('HGET', KEYS[1], 'number') or '0') ~= ARGV[1] then return 'changed' end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 'begun'
