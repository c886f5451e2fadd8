-- First use of each key, as admission's script noted it.
-- KEYS: gates   Answers epoch ms or nil for each, in the order of KEYS.
local times = {}
for index, gate in ipairs(KEYS) do times[index] = redis.call('HGET', gate, 'activatedAtMs') end
return times
