-- Replaces the columns of one stretch of time and, for an hour, the number of their rows, in one step.
-- KEYS: 1 columns (hash), 2 number of rows by hour (hash), 3 how often rows of an hour were rewritten (hash)
-- ARGV: 1 life of the columns in ms, 2 the hour or '', 3 number of rows, 4 life of the numbers in ms, 5 the hour it lies
--       in, 6 how often its rows had been rewritten before they were read, then (field, value)...
-- Answers 1, or 0 when rows were rewritten since.
if (redis.call('HGET', KEYS[3], ARGV[5]) or '0') ~= ARGV[6] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[3] ~= '0' then
  redis.call('HSET', KEYS[1], unpack(ARGV, 7))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return 1
