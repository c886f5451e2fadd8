-- Applies one batch of the ledger to figures and request indexes, if nobody has applied it before: the cursor must
-- still be where the batch was read from, and moves in the same step. Figures come as absolute values, computed from
-- what stood at that cursor; nothing else writes them.
-- KEYS: 1 cursor, 2 stream, 3... figures and indexes
-- ARGV: 1 cursor the batch was read at, 2 cursor after it, 3 stream entries before this id may go,
--       4 indexes keep what is newer than this time, 5 life of an index in ms, then for each of KEYS 3...:
--       'figures', its life in ms or 0 for ever, number of arguments, (field, value)...
--       or 'index', 0, number of arguments, (time, member)...
-- Answers 1, or 0 when somebody else was faster.
local MOST_REMOVED = 1000
if (redis.call('GET', KEYS[1]) or '0-0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])

local at, key = 6, 3
while at <= #ARGV do
  local kind, life, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  if kind == 'figures' then
    redis.call('HSET', KEYS[key], unpack(ARGV, at + 3, at + 2 + count))
    if life ~= '0' then redis.call('PEXPIRE', KEYS[key], life) end
  else
    redis.call('ZADD', KEYS[key], unpack(ARGV, at + 3, at + 2 + count))
    local old = redis.call('ZCOUNT', KEYS[key], '-inf', '(' .. ARGV[4])
    if old > 0 then redis.call('ZREMRANGEBYRANK', KEYS[key], 0, math.min(old, MOST_REMOVED) - 1) end
    redis.call('PEXPIRE', KEYS[key], ARGV[5])
  end
  at = at + 3 + count
  key = key + 1
end
redis.call('XTRIM', KEYS[2], 'MINID', '~', ARGV[3])
return 1
