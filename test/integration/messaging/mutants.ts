/** Implementations with one deliberate fault each: the requirement has to notice it. */
export const mutants: readonly {
  readonly id: string
  readonly broken: string
  readonly edits: readonly (readonly [from: string, to: string])[]
}[] = [
  {
    id: 'HMP-001',
    broken: 'an event is changed on its way',
    edits: [['deliver(entry[1], 1, entry[2][2],', "deliver(entry[1], 1, entry[2][2] .. ' ',"]],
  },
  {
    id: 'HMP-001',
    broken: 'every consumer gets every message',
    edits: [['  while room() > 0', "  redis.call('XGROUP', 'SETID', inbox, GROUP, '0')\n  while room() > 0"]],
  },
  {
    id: 'HMP-002',
    broken: 'a batch is delivered from its end',
    edits: [
      [
        'for _, entry in ipairs(entries) do deliver(entry[1], 1, entry[2][2], entry[2][4]) end',
        'for n = #entries, 1, -1 do deliver(entries[n][1], 1, entries[n][2][2], entries[n][2][4]) end',
      ],
    ],
  },
  {
    id: 'HMP-003',
    broken: 'a broadcast reaches one recipient',
    edits: [['targets[#targets + 1] = tonumber(index)', 'targets[1] = tonumber(index)']],
  },
  {
    id: 'HMP-004',
    broken: 'the doorbell is silent',
    edits: [["redis.call('PUBLISH', bell, table.concat(agents, ','))", 'agents = {}']],
  },
  {
    id: 'HMP-005',
    broken: 'an inbox has no limit',
    edits: [['depth[i] >= maxDepth', 'false']],
  },
  {
    id: 'HMP-006',
    broken: 'nothing is recognised as repeated',
    edits: [['if known then', 'if false then']],
  },
  {
    id: 'HMP-006',
    broken: 'a repetition gets another receipt',
    edits: [["'duplicate ' .. entries", "'duplicate 0-1'"]],
  },
  {
    id: 'HMP-007',
    broken: 'the content is not compared',
    edits: [['if first == hash then', 'if true then']],
  },
  {
    id: 'HMP-007',
    broken: 'an id is taken for all senders',
    edits: [
      [
        'local name, hash, event, targets = args[at],',
        "local name, hash, event, targets = string.match(args[at], '%S+$'),",
      ],
    ],
  },
  {
    id: 'HMP-008',
    broken: 'the id is noted before XADD',
    edits: [
      [
        '    if not answer then',
        "    if not known then redis.call('HSET', current, name, '0-1 ' .. hash) end\n    if not answer then",
      ],
    ],
  },
  {
    id: 'HMP-009',
    broken: 'acknowledging ignores who holds the message, as XACK does',
    edits: [['if held == count then', 'if true then']],
  },
  {
    id: 'HMP-009',
    broken: 'the fence is the consumer’s name alone',
    edits: [['if held == count then', 'if held then']],
  },
  {
    id: 'HMP-010',
    broken: 'own pending entries are not read',
    edits: [["if ownFrom ~= '' and", 'if false and']],
  },
  {
    id: 'HMP-010',
    broken: 'reading own pending entries counts as a try',
    edits: [
      [
        "local found = redis.call('XRANGE', inbox, row[1], row[1])\n      if found[1] then deliver(row[1], row[4],",
        "local found = redis.call('XCLAIM', inbox, GROUP, consumer, 0, row[1])\n      if found[1] then deliver(row[1], row[4] + 1,",
      ],
    ],
  },
  {
    id: 'HMP-011',
    broken: 'nobody takes over',
    edits: [["if idle ~= '-1' and", 'if false and']],
  },
  {
    id: 'HMP-011',
    broken: 'a live consumer’s messages are taken at once',
    edits: [
      ["GROUP, 'IDLE', idle,", "GROUP, 'IDLE', '0',"],
      [
        "redis.call('XCLAIM', inbox, GROUP, consumer, idle, row[1])",
        "redis.call('XCLAIM', inbox, GROUP, consumer, 0, row[1])",
      ],
    ],
  },
  {
    id: 'HMP-012',
    broken: 'a message is tried for ever',
    edits: [['if row[4] >= tries then', 'if false then']],
  },
  {
    id: 'HMP-012',
    broken: 'an exhausted message is dropped',
    edits: [["if found[1] then\n    redis.call('XADD', dead", "if false then\n    redis.call('XADD', dead"]],
  },
  {
    id: 'HMP-013',
    broken: 'a rejected message is simply acknowledged',
    edits: [["if outcome == 'reject' then", "if outcome == 'reject' then done[#done + 1] = entry elseif false then"]],
  },
  {
    id: 'HMP-014',
    broken: 'leaving keeps the idle time',
    edits: [["0, row[1], 'IDLE', 86400000, 'JUSTID')", "0, row[1], 'JUSTID')"]],
  },
  {
    id: 'HMP-017',
    broken: 'a conflict is only answered',
    edits: [['if not burying then', 'if true then']],
  },
  {
    id: 'HMP-017',
    broken: 'a repetition is buried again',
    edits: [["redis.call('HSET', current, note, '1')", '']],
  },
  {
    id: 'HMP-018',
    broken: 'a replayed letter stays',
    edits: [["redis.call('XDEL', dead, args[n])", '']],
  },
  {
    id: 'HMP-018',
    broken: 'a replayed letter is gone',
    edits: [["'inbox:' .. letter.agent", "'nowhere:' .. letter.agent"]],
  },
  {
    id: 'HMP-019',
    broken: 'nobody sees anything',
    edits: [['[2] > 0 and tap', '[2] < 0 and tap']],
  },
  {
    id: 'HMP-020',
    broken: 'a delayed message is delivered at once',
    edits: [['if extra.d and extra.d > nowMs() then', 'if false then']],
  },
  {
    id: 'HMP-020',
    broken: 'a delayed message never becomes due',
    edits: [['local dueIn = promote(inbox)', 'local dueIn = 1']],
  },
  {
    id: 'HMP-021',
    broken: 'an expired message is delivered',
    edits: [["meta.x and nowMs() > meta.x and 'expired'", 'false']],
  },
  {
    id: 'HMP-022',
    broken: 'nothing is replaced',
    edits: [
      ["return redis.call('XDEL', inbox, old)", 'return 0'],
      ['if meta.k and superseded(inbox, meta) then', 'if false then'],
    ],
  },
  {
    id: 'HMP-022',
    broken: 'a key is taken for all senders',
    edits: [["string.match(meta.name, '^%S+') .. ' ' .. meta.k", "'anyone ' .. meta.k"]],
  },
  {
    id: 'HMP-022',
    broken: 'a delivered message is taken from its holder',
    edits: [["if name == meta.name then redis.call('HDEL', latest, field) end", '']],
  },
  {
    id: 'HMP-023',
    broken: 'a failed try is repeated at once',
    edits: [['putLater(inbox, nowMs() + pause, meta, found[2][2])', 'putLater(inbox, nowMs(), meta, found[2][2])']],
  },
  {
    id: 'HMP-023',
    broken: 'failed tries are not counted',
    edits: [['meta.n = (meta.n or 0) + count', 'meta.n = count']],
  },
  {
    id: 'HMP-024',
    broken: 'a reply is an ordinary message',
    edits: [["redis.call('SET', key, event, 'PX', ANSWER_MS)\n  return true", 'return false']],
  },
  {
    id: 'HMP-024',
    broken: 'anyone may answer',
    edits: [["if awaited ~= '?' .. source then", 'if not awaited then']],
  },
  {
    id: 'HMP-024',
    broken: 'nobody learns that a request died',
    edits: [['if meta and meta.q then', 'if false then']],
  },
  {
    id: 'HMP-025',
    broken: 'extending does nothing',
    edits: [["redis.call('XCLAIM', inbox, GROUP, consumer, 0, entry, 'JUSTID')\n", '\n']],
  },
  {
    id: 'HMP-025',
    broken: 'extending counts as a try',
    edits: [["consumer, 0, entry, 'JUSTID')\n", 'consumer, 0, entry)\n']],
  },
]
