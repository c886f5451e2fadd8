-- Sets fields of a run that stands where it was read, and of no other.
-- KEYS: 1 the run (hash)   ARGV: 1 its number, 2 its step, then (field, value)...
-- Answers 1, or 0 when somebody else was faster.
local run = redis.call('HMGET', KEYS[1], 'number', 'step', 'status')
if run[1] ~= ARGV[1] or run[2] ~= ARGV[2] or run[3] ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
return 1
