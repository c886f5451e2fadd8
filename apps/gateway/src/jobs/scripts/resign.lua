-- Gives the leadership back, if it is still ours. KEYS: leader. ARGV: instance id, fencing token.
if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then return redis.call('DEL', KEYS[1]) end
return 0
