-- Replaces the columns of one stretch of time and, for an hour, the number of their rows, in one step.
-- KEYS: 1 columns (hash), 2 number of rows by hour (hash)
-- ARGV: 1 life of the columns in ms, 2 the hour or '', 3 number of rows, 4 life of the numbers in ms, then (field, value)...
redis.call('DEL', KEYS[1])
if ARGV[3] ~= '0' then
  redis.call('HSET', KEYS[1], unpack(ARGV, 5))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return 1
