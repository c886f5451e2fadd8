-- Removes one document for good, if it is still at the expected version. Its id stays among the changes, so that
-- replicas learn of the removal.
-- KEYS: document, sequence, changes, gate (or the document again where there is none), claim hashes...
-- ARGV: id, expected version, channel, notice, (index of the hash in KEYS, field)...
local id = ARGV[1]
local stored = redis.call('GET', KEYS[1])
if not stored or cjson.decode(stored).version ~= tonumber(ARGV[2]) then return 'stale' end

for at = 5, #ARGV, 2 do
  local hash = KEYS[tonumber(ARGV[at])]
  if redis.call('HGET', hash, ARGV[at + 1]) == id then redis.call('HDEL', hash, ARGV[at + 1]) end
end
redis.call('DEL', KEYS[1], KEYS[4])
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[2]), id)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 'removed'
