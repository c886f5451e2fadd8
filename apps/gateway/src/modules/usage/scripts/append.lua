-- Writes records into the ledger, each once: all of them where none is there yet, else nothing. What they add to figures
-- is one entry of the stream.
-- KEYS: 1 stream, then the hashes of the requests the records belong to, then indexes of requests (sorted sets)
-- ARGV: 1 life of a request's hash in ms, 2 what the records add to figures, 3 names of the indexes as JSON, 4 number of
--       requests, 5 number of members for the indexes, then each member's time and text, then for each request: number
--       of its records, and of each its field and its text; then for each index: its members' numbers, or '*' for all
-- Answers an empty list when they are written, else the numbers of the records that are there already.
local request_count, member_count = tonumber(ARGV[4]), tonumber(ARGV[5])
local first = 6 + 2 * member_count

local known = {}
if redis.call('EXISTS', unpack(KEYS, 2, 1 + request_count)) > 0 then
  local at, record = first, 0
  for index = 2, 1 + request_count do
    local count = tonumber(ARGV[at])
    for field = at + 1, at + count * 2, 2 do
      record = record + 1
      if redis.call('HEXISTS', KEYS[index], ARGV[field]) == 1 then known[#known + 1] = record end
    end
    at = at + 1 + count * 2
  end
end
if #known > 0 then return known end

local at = first
for index = 2, 1 + request_count do
  local count = tonumber(ARGV[at])
  redis.call('HSET', KEYS[index], unpack(ARGV, at + 1, at + count * 2))
  redis.call('PEXPIRE', KEYS[index], ARGV[1])
  at = at + 1 + count * 2
end
for index = 2 + request_count, #KEYS do
  local places, added = ARGV[at], {}
  if places == '*' then
    redis.call('ZADD', KEYS[index], unpack(ARGV, 6, first - 1))
  else
    for place in string.gmatch(places, '%d+') do
      local size = #added
      added[size + 1], added[size + 2] = ARGV[4 + 2 * place], ARGV[5 + 2 * place]
    end
    redis.call('ZADD', KEYS[index], unpack(added))
  end
  at = at + 1
end
redis.call('XADD', KEYS[1], '*', 'figures', ARGV[2], 'indexes', ARGV[3])
return known
