-- Takes or keeps the leadership. KEYS: leader, fence. ARGV: instance id, milliseconds it holds.
-- Answers the fencing token of this leadership, 0 where another instance leads.
local holder = redis.call('GET', KEYS[1])
local id, token = nil, nil
if holder then id, token = string.match(holder, '^(.*) (%d+)$') end
if id and id ~= ARGV[1] then return 0 end
if not id then token = redis.call('INCR', KEYS[2]) end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. token, 'PX', ARGV[2])
return tonumber(token)
