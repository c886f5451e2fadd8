-- What a running request holds, as one text in the hash of its owner's holds. Four lines: the meters it reserves of
-- (`key|b:day|<period>`, a window without period: `key|w:hour:1:tokens|-`), what of each, marks of the rows that were
-- settled while it ran, and what is known of the request.

-- The first three lines as lists, and where the fourth begins.
local function read_hold(text)
  local meters, amounts, marks, facts_at = string.match(text, '^([^\n]*)\n([^\n]*)\n([^\n]*)\n()')
  local hold = { text = text, facts_at = facts_at, names = {}, amounts = {}, marks = {} }
  for name in string.gmatch(meters, '%S+') do hold.names[#hold.names + 1] = name end
  for amount in string.gmatch(amounts, '%S+') do hold.amounts[#hold.amounts + 1] = tonumber(amount) end
  for mark in string.gmatch(marks, '%S+') do hold.marks[#hold.marks + 1] = mark end
  return hold
end

local function integers(amounts)
  local texts = {}
  for index, amount in ipairs(amounts) do texts[index] = string.format('%.0f', amount) end
  return table.concat(texts, ' ')
end

local function write_hold(hold)
  return table.concat({
    table.concat(hold.names, ' '),
    integers(hold.amounts),
    table.concat(hold.marks, ' '),
    string.sub(hold.text, hold.facts_at),
  }, '\n')
end
