-- Applies one batch of the ledger to figures, if nobody has applied it before: the cursor must still be where the batch
-- was read from, and moves in the same step. Figures come as absolute values, computed from what stood at that cursor;
-- nothing else writes them. The index of requests loses what is too old.
-- KEYS: 1 cursor, 2 stream, 3 index of requests, then figures
-- ARGV: 1 cursor the batch was read at, 2 cursor after it, 3 stream entries before this id may go,
--       4 the index keeps what is newer than this time, 5 life of the index in ms, then for each of the figures:
--       its life in ms or 0 for ever, number of arguments, (field, value)...
-- Answers 1, or 0 when somebody else was faster.
local MOST_REMOVED = 1000
if (redis.call('GET', KEYS[1]) or '0-0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])

local at = 6
for key = 4, #KEYS do
  local life, count = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HSET', KEYS[key], unpack(ARGV, at + 2, at + 1 + count))
  if life ~= '0' then redis.call('PEXPIRE', KEYS[key], life) end
  at = at + 2 + count
end
local old = redis.call('ZCOUNT', KEYS[3], '-inf', '(' .. ARGV[4])
if old > 0 then redis.call('ZREMRANGEBYRANK', KEYS[3], 0, math.min(old, MOST_REMOVED) - 1) end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
redis.call('XTRIM', KEYS[2], 'MINID', '~', ARGV[3])
return 1
