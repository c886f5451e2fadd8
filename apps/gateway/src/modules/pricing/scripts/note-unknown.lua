-- Adds what one process has seen of models without a price to what all have seen.
-- KEYS[1] hash of name -> JSON.  ARGV: the most names kept, then name, first seen, last seen, requests, row a model.
local most = tonumber(ARGV[1])

local function forget_oldest()
  local all = redis.call('HGETALL', KEYS[1])
  local oldest, at
  for index = 1, #all, 2 do
    local last = cjson.decode(all[index + 1]).lastSeenMs
    if at == nil or last < at then oldest, at = all[index], last end
  end
  if oldest then redis.call('HDEL', KEYS[1], oldest) end
end

for index = 2, #ARGV, 5 do
  local name = ARGV[index]
  local first, last = tonumber(ARGV[index + 1]), tonumber(ARGV[index + 2])
  local requests, row = tonumber(ARGV[index + 3]), ARGV[index + 4]
  local text = redis.call('HGET', KEYS[1], name)
  if text then
    local known = cjson.decode(text)
    requests = requests + known.requests
    first = math.min(first, known.firstSeenMs)
    if known.lastSeenMs > last then last, row = known.lastSeenMs, known.chargedAs end
  elseif redis.call('HLEN', KEYS[1]) >= most then
    forget_oldest()
  end
  redis.call('HSET', KEYS[1], name, string.format(
    '{"firstSeenMs":%d,"lastSeenMs":%d,"requests":%d,"chargedAs":%s}',
    first, last, requests, cjson.encode(row)))
end
return redis.status_reply('OK')
