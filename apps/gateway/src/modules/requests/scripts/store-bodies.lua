-- Keeps the sealed bodies of one request, and lets the oldest go until all of them have room.
-- KEYS: 1 bodies of this request, 2 requests by time (sorted set), 3 sizes: id -> "bytes key" and total (hash)
-- ARGV: 1 beginning of every name like KEYS[1], 2 id, 3 time, 4 life in ms, 5 most bytes together, 6 id of the key,
--       7 bytes, 8 what is kept
local MOST_LET_GO = 200
local prefix, id, at, life = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local most, bytes = tonumber(ARGV[5]), tonumber(ARGV[7])

local function let_go(old)
  local size = redis.call('HGET', KEYS[3], old)
  redis.call('UNLINK', prefix .. old)
  redis.call('ZREM', KEYS[2], old)
  redis.call('HDEL', KEYS[3], old)
  if size then redis.call('HINCRBY', KEYS[3], 'total', -tonumber(string.match(size, '^%d+'))) end
end

let_go(id)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. (at - life), 'LIMIT', 0, MOST_LET_GO)) do
  let_go(old)
end
if bytes > most then return 0 end
for _ = 1, MOST_LET_GO do
  local total = tonumber(redis.call('HGET', KEYS[3], 'total') or '0')
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  if total + bytes <= most or not oldest then break end
  let_go(oldest)
end
if tonumber(redis.call('HGET', KEYS[3], 'total') or '0') + bytes > most then return 0 end
redis.call('SET', KEYS[1], ARGV[8], 'PX', life)
redis.call('ZADD', KEYS[2], at, id)
redis.call('HSET', KEYS[3], id, bytes .. ' ' .. ARGV[6])
redis.call('HINCRBY', KEYS[3], 'total', bytes)
redis.call('PEXPIRE', KEYS[2], life)
redis.call('PEXPIRE', KEYS[3], life)
return 1
