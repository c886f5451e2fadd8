-- Writes records into the ledger, each once: a record that is there already is left alone and counts nothing. What is
-- new of one request shares one entry of the stream, a line for each record.
-- KEYS: 1 stream, 2... hashes of the requests the records belong to
-- ARGV: 1 life of a request's hash in ms, then for each of KEYS 2...: number of its records, and of each record
--       its field, its text and its line for the stream
-- Answers for each record, in this order, 1 when it was new and 0 when it was there already.
local added, at = {}, 2
for index = 2, #KEYS do
  local request, new = KEYS[index], {}
  local count = tonumber(ARGV[at])
  for field = at + 1, at + count * 3, 3 do
    local is_new = redis.call('HSETNX', request, ARGV[field], ARGV[field + 1])
    if is_new == 1 then new[#new + 1] = ARGV[field + 2] end
    added[#added + 1] = is_new
  end
  if #new > 0 then
    redis.call('PEXPIRE', request, ARGV[1])
    redis.call('XADD', KEYS[1], '*', 'e', table.concat(new, '\n'))
  end
  at = at + 1 + count * 3
end
return added
