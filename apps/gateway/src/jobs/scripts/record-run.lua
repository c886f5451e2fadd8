-- Notes a run of a job, unless its runner has been deposed meanwhile. KEYS: leader, runs.
-- ARGV: instance id, fencing token, job, run as JSON.
if redis.call('GET', KEYS[1]) ~= ARGV[1] .. ' ' .. ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
return 1
