/**
 * The server side of the protocol. Rules that measurements or broken prototypes taught:
 * - Redis does not roll back. So everything is checked first, then XADD, and only then the id is noted: a crash or an
 *   error in between can publish twice (the consumer's inbox removes that), never lose.
 * - Dedupe buckets rotate by the time of Redis. With client clocks, one bucket of skew published twice.
 * - XACK ignores ownership. So a settlement compares consumer and delivery count with the pending entry first.
 * - XREADGROUP with an id raises the delivery count at every reconnect. So own entries are read by XPENDING and XRANGE,
 *   and the count means deliveries that ended in silence.
 * - Settling and reclaiming must work when memory is full, else it never empties: `allow-oom`.
 */
export const luaSource = `
local GROUP = 'inbox'
local WINDOW_MS = @WINDOW_MS@
local ANSWER_MS = @ANSWER_MS@

local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A key of the same team and agent as an inbox: it has the same hash tag, so it lies on the same node.
local function keyOf(inbox, kind)
  return (string.gsub(inbox, ':inbox:', ':' .. kind .. ':'))
end

local function agentOf(inbox)
  return string.match(inbox, '[^:]+$')
end

-- Where the answer to a request of 'SOURCE ID' is awaited: '?AGENT' while that agent is asked, then the reply.
local function answerKey(inbox, name)
  return string.gsub(inbox, 'inbox:.*$', 'answer:') .. name
end

-- What is not plain text for a reader stands in a field of its own: expiry x, supersede key k, request q, tries n, name.
local function add(inbox, event, meta)
  if meta then return redis.call('XADD', inbox, '*', 'e', event, 'm', cjson.encode(meta)) end
  return redis.call('XADD', inbox, '*', 'e', event)
end

local function putLater(inbox, due, meta, event)
  redis.call('ZADD', keyOf(inbox, 'later'), string.format('%d', due), cjson.encode(meta) .. '\\n' .. event)
end

-- The current and the previous dedupe bucket; a clock that goes back keeps the newest period that was seen.
local function buckets(a, b)
  local period = math.floor(nowMs() / WINDOW_MS)
  local inA = tonumber(redis.call('HGET', a, '#') or '-1')
  local inB = tonumber(redis.call('HGET', b, '#') or '-1')
  period = math.max(period, inA, inB)
  local current, previous, inCurrent, inPrevious = a, b, inA, inB
  if period % 2 == 1 then current, previous, inCurrent, inPrevious = b, a, inB, inA end
  if inCurrent ~= period then
    redis.call('DEL', current)
    redis.call('HSET', current, '#', string.format('%d', period))
  end
  redis.call('PEXPIRE', current, WINDOW_MS * 2 + 1000)
  if inPrevious ~= period - 1 then previous = nil end
  return current, previous
end

-- Length of each inbox, or the error text of a key that is no stream.
local function depths(keys)
  local depth = {}
  for i = 4, #keys do
    local length = redis.pcall('XLEN', keys[i])
    if type(length) == 'table' then depth[i] = length.err or 'not a stream' else depth[i] = length end
  end
  return depth
end

-- The channel of those who watch, where anyone does: one look a call, so that watching costs nothing when nobody does.
local function watched(bell)
  local tap = string.gsub(bell, 'bell$', 'tap')
  return redis.call('PUBSUB', 'NUMSUB', tap)[2] > 0 and tap
end

local function targetsOf(text)
  local targets = {}
  for index in string.gmatch(text, '%d+') do targets[#targets + 1] = tonumber(index) end
  return targets
end

-- A message whose sender has a receipt cannot be refused any more: one dead letter a recipient, once a content. The note
-- cannot meet that of a message: its name has a second space.
local function buryConflict(keys, current, previous, message)
  local note = message.name .. ' ' .. message.hash
  if redis.call('HEXISTS', current, note) == 1 or (previous and redis.call('HEXISTS', previous, note) == 1) then return 0 end
  for _, i in ipairs(message.targets) do
    redis.call('XADD', keys[3], '*', 'agent', string.match(keys[i], '[^:]+$'), 'reason', 'conflict', 'deliveries', 0, 'entry', '', 'code', 'HIVE_MESSAGE_ID_REUSED', 'e', message.event)
  end
  redis.call('HSET', current, note, '1')
  return #message.targets
end

-- Takes the waiting message that this one replaces out of the inbox. One that was delivered is not in 'latest' any more.
local function supersede(inbox, meta, entry)
  local latest, field = keyOf(inbox, 'latest'), string.match(meta.name, '^%S+') .. ' ' .. meta.k
  local old = string.match(redis.call('HGET', latest, field) or '', '^%d+-%d+')
  redis.call('HSET', latest, field, entry .. ' ' .. meta.name)
  if not old or old == entry then return 0 end
  return redis.call('XDEL', inbox, old)
end

-- True where a later message of the same source and key stands behind this one; the latest itself is forgotten here.
local function superseded(inbox, meta)
  local latest, field = keyOf(inbox, 'latest'), string.match(meta.name, '^%S+') .. ' ' .. meta.k
  local name = string.match(redis.call('HGET', latest, field) or '', '^%S+ (.*)$')
  if name == meta.name then redis.call('HDEL', latest, field) end
  return name and name ~= meta.name
end

-- A reply goes to whoever awaits it, from the agent that was asked; any other is an ordinary message.
local function answerAwaited(inbox, source, request, event)
  local key = answerKey(inbox, agentOf(inbox) .. ' ' .. request)
  local awaited = redis.call('GET', key)
  if awaited ~= '?' .. source then return false end
  redis.call('SET', key, event, 'PX', ANSWER_MS)
  return true
end

-- Puts one message into one inbox, now or later. Returns its receipt and by how much the inbox grew.
local function deposit(inbox, name, event, extra)
  if not extra then return add(inbox, event), 1 end
  if extra.a and answerAwaited(inbox, string.match(name, '^%S+'), extra.a, event) then return 'answer', 0 end
  local meta = { name = name, x = extra.x, k = extra.k, q = extra.q }
  if extra.q then redis.call('SET', answerKey(inbox, name), '?' .. agentOf(inbox), 'NX', 'PX', ANSWER_MS) end
  if extra.d and extra.d > nowMs() then
    putLater(inbox, extra.d, meta, event)
    local receipt = '@' .. string.format('%d', extra.d)
    if meta.k then return receipt, -supersede(inbox, meta, receipt) end
    return receipt, 0
  end
  local entry = add(inbox, event, meta)
  if meta.k then return entry, 1 - supersede(inbox, meta, entry) end
  return entry, 1
end

-- KEYS: both buckets, dead letters, inboxes. ARGV: greatest depth, bell channel, whether conflicts are buried (1 or 0),
-- then name, hash, event, key indexes and instructions (JSON or '') a message.
local function publish(keys, args)
  local maxDepth, bell, burying = tonumber(args[1]), args[2], args[3] == '1'
  local current, previous = buckets(keys[1], keys[2])
  local depth, rung, out = depths(keys), {}, {}
  local tap = watched(bell)
  for at = 4, #args, 5 do
    local name, hash, event, targets = args[at], args[at + 1], args[at + 2], targetsOf(args[at + 3])
    local known = redis.call('HGET', current, name) or (previous and redis.call('HGET', previous, name))
    local extra = args[at + 4] ~= '' and cjson.decode(args[at + 4]) or nil
    local answer
    if known then
      local entries, first = string.match(known, '^(%S*) (%S+)$')
      if first == hash then answer = 'duplicate ' .. entries
      elseif not burying then answer = 'conflict 0'
      else answer = 'conflict ' .. buryConflict(keys, current, previous, { name = name, hash = hash, event = event, targets = targets }) end
    else
      for _, i in ipairs(targets) do
        if type(depth[i]) ~= 'number' then answer = 'failed ' .. depth[i]
        elseif depth[i] >= maxDepth and not answer then answer = 'full ' .. depth[i]
        elseif extra and extra.d and redis.call('ZCARD', keyOf(keys[i], 'later')) >= maxDepth then answer = 'full ' .. maxDepth end
      end
    end
    if not answer then
      local entries, deepest = {}, 0
      for n, i in ipairs(targets) do
        local entry, grown = deposit(keys[i], name, event, extra)
        entries[n] = entry
        depth[i] = depth[i] + grown
        if depth[i] > deepest then deepest = depth[i] end
        rung[i] = true
      end
      local joined = table.concat(entries, ',')
      redis.call('HSET', current, name, joined .. ' ' .. hash)
      answer = 'published ' .. deepest .. ' ' .. joined
      if tap then redis.call('PUBLISH', tap, event) end
    end
    out[#out + 1] = answer
  end
  local agents = {}
  for i in pairs(rung) do agents[#agents + 1] = agentOf(keys[i]) end
  if #agents > 0 then redis.call('PUBLISH', bell, table.concat(agents, ',')) end
  return out
end

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
