-- Deletes kept bodies.
-- KEYS: 1 requests by time (sorted set), 2 sizes: id -> "bytes key" and total (hash)
-- ARGV: 1 beginning of the names of bodies, then ids
-- Answers how many of them were there.
local removed = 0
for index = 2, #ARGV do
  local id = ARGV[index]
  local size = redis.call('HGET', KEYS[2], id)
  removed = removed + redis.call('UNLINK', ARGV[1] .. id)
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
  if size then redis.call('HINCRBY', KEYS[2], 'total', -tonumber(string.match(size, '^%d+'))) end
end
return removed
