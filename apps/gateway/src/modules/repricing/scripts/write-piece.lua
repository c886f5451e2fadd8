-- Writes one piece of a run, all of it or nothing: requests and attempts as they are priced now, their places in the
-- index, what changes in figures as one entry of the stream, what limits have still to hear, and how far the run has
-- come. Columns that were made of the rows before go, and those that are being made are not kept.
-- KEYS: 1 the run (hash), 2 stream, 3 index of requests, 4 numbers of columns by hour, 5 revisions of hours, then the
--       columns, then the hashes of the requests
-- ARGV: 1 number of the run, 2 its step, 3 what changes in figures, 4 life of the revisions in ms, 5 number of hours,
--       6 number of columns, 7 number of arguments of the run, then the hours, then (field, value)... of the run, then for
--       each request: its place in the index as it was, its time, its place as it is to be, number of its records, and of
--       each its field and its text
-- Answers {'written'}, {'overtaken'} when somebody else was faster, or {'gone', numbers of requests that are not kept any
-- more...}.
local run = redis.call('HMGET', KEYS[1], 'number', 'step', 'status', 'pending')
if run[1] ~= ARGV[1] or run[2] ~= ARGV[2] or run[3] ~= 'running' or run[4] ~= '' then return { 'overtaken' } end
local hours, columns, fields = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local first_hash, first_request = 6 + columns, 8 + hours + fields

local gone, at = {}, first_request
for index = first_hash, #KEYS do
  local is_there = redis.call('EXISTS', KEYS[index]) == 1 and redis.call('ZSCORE', KEYS[3], ARGV[at])
  if not is_there then gone[#gone + 1] = index - first_hash + 1 end
  at = at + 4 + 2 * ARGV[at + 3]
end
if #gone > 0 then return { 'gone', unpack(gone) } end

at = first_request
for index = first_hash, #KEYS do
  local last = at + 3 + 2 * ARGV[at + 3]
  redis.call('HSET', KEYS[index], unpack(ARGV, at + 4, last))
  redis.call('ZREM', KEYS[3], ARGV[at])
  redis.call('ZADD', KEYS[3], ARGV[at + 1], ARGV[at + 2])
  at = last + 1
end
if ARGV[3] ~= '' then redis.call('XADD', KEYS[2], '*', 'figures', ARGV[3], 'ended', '') end
for index = 6, first_hash - 1 do redis.call('DEL', KEYS[index]) end
for index = 8, 7 + hours do
  redis.call('HDEL', KEYS[4], ARGV[index])
  redis.call('HINCRBY', KEYS[5], ARGV[index], 1)
end
if hours > 0 then redis.call('PEXPIRE', KEYS[5], ARGV[4]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 8 + hours, first_request - 1))
return { 'written' }
