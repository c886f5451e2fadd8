-- Writes one document if it is still at the expected version and its unique names are free.
-- KEYS: document, sequence, changes, gate (or the document again where there is none), claim hashes...
-- ARGV: id, expected version (0 creates), document, channel, notice,
--       number of gate fields, (field, value)...,
--       number of claims to take, (index of the hash in KEYS, field)..., number of claims to give back, (index, field)...
local id, expected = ARGV[1], tonumber(ARGV[2])
local stored = redis.call('GET', KEYS[1])
local version = 0
if stored then version = cjson.decode(stored).version end
if version ~= expected then return 'stale' end

local at = 6
local function pairs_of()
  local count, list = tonumber(ARGV[at]), {}
  at = at + 1
  for n = 1, count do
    list[n] = { ARGV[at], ARGV[at + 1] }
    at = at + 2
  end
  return list
end
local gate, take, give = pairs_of(), pairs_of(), pairs_of()

for _, claim in ipairs(take) do
  local owner = redis.call('HGET', KEYS[tonumber(claim[1])], claim[2])
  if owner and owner ~= id then return 'taken' end
end
for _, claim in ipairs(give) do
  local hash = KEYS[tonumber(claim[1])]
  if redis.call('HGET', hash, claim[2]) == id then redis.call('HDEL', hash, claim[2]) end
end
for _, claim in ipairs(take) do redis.call('HSET', KEYS[tonumber(claim[1])], claim[2], id) end
-- Field by field: what others keep in the gate (first use) stays.
for _, field in ipairs(gate) do redis.call('HSET', KEYS[4], field[1], field[2]) end

redis.call('SET', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[2]), id)
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 'saved'
