import { publishLua } from './publish.lua.ts'
import { receiveLua } from './receive.lua.ts'

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

${publishLua.trimStart()}${receiveLua.trimStart()}`
