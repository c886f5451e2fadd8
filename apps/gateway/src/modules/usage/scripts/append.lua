-- Writes records into the ledger, each once: all of them where none is there yet, else nothing. What they add to figures
-- is one entry of the stream; requests that ended are in the index from here on, and told to whoever watches.
-- KEYS: 1 stream, 2 index of requests (sorted set), 3 lease of those who watch, then the hashes of the requests the
--       records belong to
-- ARGV: 1 life of a request's hash in ms, 2 what the records add to figures, 3 ids of the requests that ended, 4 channel
--       of the news, 5 number of hashes, 6 number of requests that ended, then each one's time and text for the index,
--       then for each hash: number of its records, and of each its field and its text
-- Answers an empty list when they are written, else the numbers of the records that are there already.
local hash_count, ended_count = tonumber(ARGV[5]), tonumber(ARGV[6])
local first = 7 + 2 * ended_count

local known = {}
if redis.call('EXISTS', unpack(KEYS, 4, 3 + hash_count)) > 0 then
  local at, record = first, 0
  for index = 4, 3 + hash_count do
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
for index = 4, 3 + hash_count do
  local count = tonumber(ARGV[at])
  redis.call('HSET', KEYS[index], unpack(ARGV, at + 1, at + count * 2))
  redis.call('PEXPIRE', KEYS[index], ARGV[1])
  at = at + 1 + count * 2
end
if ended_count > 0 then redis.call('ZADD', KEYS[2], unpack(ARGV, 7, first - 1)) end
local entry = redis.call('XADD', KEYS[1], '*', 'figures', ARGV[2], 'ended', ARGV[3])
if ended_count > 0 and redis.call('EXISTS', KEYS[3]) == 1 then
  local news = { entry }
  for member = 8, first - 1, 2 do news[#news + 1] = ARGV[member] end
  redis.call('PUBLISH', ARGV[4], table.concat(news, '\n'))
end
return known
