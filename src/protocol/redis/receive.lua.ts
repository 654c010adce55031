/** The part of the library that settles, reads, hands back and replays. */
export const receiveLua = `
local function ensureGroup(inbox)
  local summary = redis.pcall('XPENDING', inbox, GROUP)
  if summary.err then redis.call('XGROUP', 'CREATE', inbox, GROUP, '0', 'MKSTREAM') end
end

local function bury(inbox, dead, entry, reason, count)
  local found = redis.call('XRANGE', inbox, entry, entry)
  if found[1] then
    redis.call('XADD', dead, '*', 'agent', agentOf(inbox), 'reason', reason, 'deliveries', count, 'entry', entry, 'e', found[1][2][2])
    local meta = found[1][2][4] and cjson.decode(found[1][2][4])
    -- Whoever asked learns that no answer will come.
    if meta and meta.q then redis.call('SET', answerKey(inbox, meta.name), '!' .. reason, 'PX', ANSWER_MS) end
  end
  redis.call('XACK', inbox, GROUP, entry)
  redis.call('XDEL', inbox, entry)
end

-- The delivery count under which this consumer holds an entry, or nil.
local function heldCount(inbox, consumer, entry)
  local pending = redis.pcall('XPENDING', inbox, GROUP, entry, entry, 1, consumer)
  if pending.err then ensureGroup(inbox) end
  return pending[1] and pending[1][4]
end

-- One ranged look answers for a batch that one consumer settles in order; what it does not show is looked up alone.
local function heldCounts(inbox, args, from, number)
  local counts, first, last, consumer = {}, args[from], args[from], args[from + 2]
  if number < 2 then return counts end
  for i = from, from + number * 4 - 1, 4 do
    if args[i + 2] ~= consumer then return counts end
    last = args[i]
  end
  for _, row in ipairs(redis.pcall('XPENDING', inbox, GROUP, first, last, number * 2, consumer)) do counts[row[1]] = row[4] end
  return counts
end

-- A failed try: again after the pause, as long as there are tries left.
local function tryLater(inbox, dead, entry, count, pause, tries)
  local found = redis.call('XRANGE', inbox, entry, entry)[1]
  if not found then return end
  local meta = found[2][4] and cjson.decode(found[2][4]) or { name = entry }
  meta.n = (meta.n or 0) + count
  if meta.n >= tries then return bury(inbox, dead, entry, 'failed', meta.n) end
  putLater(inbox, nowMs() + pause, meta, found[2][2])
  redis.call('XACK', inbox, GROUP, entry)
  redis.call('XDEL', inbox, entry)
end

local function settle(inbox, dead, args, from, number, tries)
  local flags, done = {}, {}
  local counts = heldCounts(inbox, args, from, number)
  for n = 1, number do
    local i = from + (n - 1) * 4
    local entry, count, consumer, outcome = args[i], tonumber(args[i + 1]), args[i + 2], args[i + 3]
    local held = counts[entry]
    if held == nil then held = heldCount(inbox, consumer, entry) end
    if held == count then
      flags[n] = 1
      counts[entry] = false
      if outcome == 'reject' then bury(inbox, dead, entry, 'rejected', count)
      elseif outcome == 'extend' then redis.call('XCLAIM', inbox, GROUP, consumer, 0, entry, 'JUSTID')
      elseif outcome ~= 'done' then tryLater(inbox, dead, entry, count, tonumber(outcome), tries)
      else done[#done + 1] = entry end
    else
      flags[n] = 0
    end
  end
  if #done > 0 then
    redis.call('XACK', inbox, GROUP, unpack(done))
    redis.call('XDEL', inbox, unpack(done))
  end
  return flags
end

-- Moves what is due into the inbox. Returns the milliseconds until the next is, or -1.
local function promote(inbox)
  local later = keyOf(inbox, 'later')
  if redis.call('EXISTS', later) == 0 then return -1 end
  local now = nowMs()
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', later, '-inf', now, 'LIMIT', 0, 100)) do
    local text, event = string.match(member, '^([^\\n]*)\\n(.*)$')
    local meta = cjson.decode(text)
    local latest = meta.k and string.match(redis.call('HGET', keyOf(inbox, 'latest'), string.match(meta.name, '^%S+') .. ' ' .. meta.k) or '', '^%S+ (.*)$')
    if not latest or latest == meta.name then
      local entry = add(inbox, event, meta)
      if latest then supersede(inbox, meta, entry) end
    end
    redis.call('ZREM', later, member)
  end
  local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
  return first[2] and math.max(0, tonumber(first[2]) - now) or -1
end

-- KEYS: inbox, dead letters. ARGV: consumer, max, own from ('' for none), claim idle (-1 for none), most deliveries,
-- most bytes, settlements, then entry, count, consumer, outcome (done, reject,
-- extend, or a pause in milliseconds) a settlement.
local function receive(keys, args)
  local inbox, dead = keys[1], keys[2]
  local consumer, max, ownFrom, idle, tries, bytes = args[1], tonumber(args[2]), args[3], args[4], tonumber(args[5]), tonumber(args[6])
  -- Looking for what is settled finds a missing group as well.
  if args[7] == '0' then ensureGroup(inbox) end
  local flags = settle(inbox, dead, args, 8, tonumber(args[7]), tries)
  local dueIn = promote(inbox)
  local out, size, buried = {}, 0, 0
  local function deliver(entry, count, event, text)
    local meta = text and cjson.decode(text) or nil
    local failed = meta and meta.n or 0
    if meta then
      if meta.k and superseded(inbox, meta) then
        redis.call('XACK', inbox, GROUP, entry)
        redis.call('XDEL', inbox, entry)
        return
      end
      local reason = meta.x and nowMs() > meta.x and 'expired' or failed + count > tries and 'exhausted'
      if reason then
        bury(inbox, dead, entry, reason, failed + count - 1)
        buried = buried + 1
        return
      end
    end
    out[#out + 1] = failed
    out[#out + 1] = entry
    out[#out + 1] = count
    out[#out + 1] = event
    size = size + #event
  end
  local function room() return max - #out / 4 end
  if ownFrom ~= '' and room() > 0 then
    for _, row in ipairs(redis.call('XPENDING', inbox, GROUP, ownFrom, '+', room(), consumer)) do
      local found = redis.call('XRANGE', inbox, row[1], row[1])
      if found[1] then deliver(row[1], row[4], found[1][2][2], found[1][2][4]) else redis.call('XACK', inbox, GROUP, row[1]) end
      if size > bytes then break end
    end
  end
  if idle ~= '-1' and room() > 0 and size <= bytes then
    for _, row in ipairs(redis.call('XPENDING', inbox, GROUP, 'IDLE', idle, '-', '+', math.min(room(), 100))) do
      if row[4] >= tries then
        bury(inbox, dead, row[1], 'exhausted', row[4])
        buried = buried + 1
      else
        local claimed = redis.call('XCLAIM', inbox, GROUP, consumer, idle, row[1])
        if claimed[1] then deliver(row[1], row[4] + 1, claimed[1][2][2], claimed[1][2][4]) end
      end
      if size > bytes then break end
    end
  end
  while room() > 0 and size <= bytes do
    local wanted = math.min(room(), 50)
    local read = redis.call('XREADGROUP', 'GROUP', GROUP, consumer, 'COUNT', wanted, 'STREAMS', inbox, '>')
    if not read or not read[1] then break end
    local entries = read[1][2]
    for _, entry in ipairs(entries) do deliver(entry[1], 1, entry[2][2], entry[2][4]) end
    if #entries < wanted then break end
  end
  return { flags, out, buried, dueIn }
end

-- KEYS: dead letters, then inboxes. ARGV: for each inbox the number of its arguments and they. A reader of many inboxes
-- pays for one call. An inbox that fails answers with its error alone: the others have been read and must be told.
local function receiveAll(keys, args)
  local out, at = {}, 1
  for n = 2, #keys do
    local length, own = tonumber(args[at]), {}
    for i = 1, length do own[i] = args[at + i] end
    at = at + length + 1
    local ok, reply = pcall(receive, { keys[n], keys[1] }, own)
    out[n - 1] = ok and reply or { type(reply) == 'table' and reply.err or tostring(reply) }
  end
  return out
end

-- KEYS: inbox. ARGV: consumer. JUSTID leaves the delivery count alone; the long idle time lets the next reader take it.
local function leave(keys, args)
  local inbox, consumer = keys[1], args[1]
  if redis.pcall('XPENDING', inbox, GROUP).err then return 0 end
  local rows = redis.call('XPENDING', inbox, GROUP, '-', '+', 10000, consumer)
  for _, row in ipairs(rows) do
    redis.call('XCLAIM', inbox, GROUP, consumer, 0, row[1], 'IDLE', 86400000, 'JUSTID')
  end
  if #rows == 0 then redis.call('XGROUP', 'DELCONSUMER', inbox, GROUP, consumer) end
  return #rows
end

-- KEYS: dead letters. ARGV: bell channel, then entries. XADD comes first: what stops in between repeats, and loses nothing.
local function replay(keys, args)
  local dead, flags = keys[1], {}
  for n = 2, #args do
    local found = redis.call('XRANGE', dead, args[n], args[n])[1]
    flags[n - 1] = 0
    if found then
      local letter = {}
      for at = 1, #found[2], 2 do letter[found[2][at]] = found[2][at + 1] end
      redis.call('XADD', string.gsub(dead, 'dead$', '') .. 'inbox:' .. letter.agent, '*', 'e', letter.e)
      redis.call('XDEL', dead, args[n])
      redis.call('PUBLISH', args[1], letter.agent)
      flags[n - 1] = 1
    end
  end
  return flags
end

redis.register_function('@LIBRARY@_publish', publish)
redis.register_function('@LIBRARY@_replay', replay)
redis.register_function{ function_name = '@LIBRARY@_receive', callback = receiveAll, flags = { 'allow-oom' } }
redis.register_function{ function_name = '@LIBRARY@_leave', callback = leave, flags = { 'allow-oom' } }
`
