-- Writes records into the ledger, each once: a record that is there already is left alone and counts nothing.
-- KEYS: 1 stream, 2... hashes of the requests the records belong to
-- ARGV: 1 life of a request's hash in ms, then per record: index of its hash in KEYS, field, record, stream entry
-- Answers how many were new.
local added = 0
for at = 2, #ARGV, 4 do
  local request = KEYS[tonumber(ARGV[at])]
  if redis.call('HSETNX', request, ARGV[at + 1], ARGV[at + 2]) == 1 then
    redis.call('PEXPIRE', request, ARGV[1])
    redis.call('XADD', KEYS[1], '*', 'e', ARGV[at + 3])
    added = added + 1
  end
end
return added
