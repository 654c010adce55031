/** The part of the library that puts messages into inboxes, now or later. */
export const publishLua = `
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

`
