import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../../../src/cli/main.ts'
import { systemIds } from '../../../src/core/index.ts'
import { type RedisServer, startRedis } from '../../../src/environment/index.ts'
import { connectRedisBus, type RedisBus } from '../../../src/protocol/index.ts'
import { eventually } from './support.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis({ env: { ...process.env, HIVE_REDIS_URL: '' } })
})
afterAll(() => redis.close())

interface Run {
  readonly out: () => string
  readonly err: () => string
  readonly exit: Promise<number>
  readonly stop: () => void
}

function start(team: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const text = { out: '', err: '' }
  const stopping = new AbortController()
  const exit = runCommandLine([...words, '--team', team], {
    stdout: { write: (part) => (text.out += part) },
    stderr: { write: (part) => (text.err += part) },
    env: { LANG: 'C.UTF-8', HIVE_REDIS_URL: redis.url, ...env },
    cwd: '/',
    signal: stopping.signal,
  })
  return { out: () => text.out, err: () => text.err, exit, stop: () => stopping.abort() }
}

async function hive(team: string, ...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  const run = start(team, words)
  return { exit: await run.exit, out: run.out(), err: run.err() }
}

const newTeam = (): string => `ops-${systemIds.short(8)}`
const connect = (team: string): Promise<RedisBus> => connectRedisBus({ redisUrl: redis.url, team })

/** `count` messages for bob that bob rejects, and one for carol. */
async function makeLetters(bus: RedisBus, count: number): Promise<void> {
  const message = (id: string, agent: string) => ({
    source: 'alice',
    id,
    hash: 'h',
    event: JSON.stringify({
      specversion: '1.0',
      id,
      source: 'alice',
      type: 'hive.request',
      recipient: agent,
      data: id,
    }),
    recipients: [agent],
  })
  await bus.publish([...Array.from({ length: count }, (_, n) => message(`m${n}`, 'bob')), message('other', 'carol')])
  for (const agent of ['bob', 'carol']) {
    const { deliveries } = await bus.receive({ agent, consumer: 'one', max: 100 })
    const settle = deliveries.map(({ token }) => ({ token, outcome: 'reject' as const }))
    await bus.receive({ agent, consumer: 'one', max: 0, settle })
  }
}

test('hive send says what the receipt means, recognises a repetition and refuses other content', async () => {
  const team = newTeam()
  const words = ['send', '--from', 'alice', '--to', 'bob', '--id', 'greeting']
  const first = await hive(team, ...words, 'hello', '--json')
  expect(first.exit, first.err).toBe(0)
  expect(JSON.parse(first.out)).toMatchObject({ id: 'greeting', receipt: 'memory', duplicate: false, inboxDepth: 1 })
  expect((await hive(team, ...words, 'hello')).out).toContain('repeated  greeting')
  const other = await hive(team, ...words, 'goodbye')
  expect([other.exit, other.err]).toEqual([2, expect.stringContaining('error HIVE_MESSAGE_ID_REUSED')])
  const bus = await connect(team)
  const { deliveries } = await bus.receive({ agent: 'bob', consumer: 'one', max: 10 })
  await bus.close()
  expect(deliveries.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([
    { source: 'alice', recipient: 'bob', type: 'hive.notification', data: { text: 'hello' } },
  ])
})

test.each<[string, readonly string[], string]>([
  ['nobody', ['--from', 'a'], 'HIVE_USAGE'],
  ['everyone', ['--from', 'a', '--to', '*'], 'HIVE_USAGE'],
  ['a name that would break keys', ['--from', 'a', '--to', 'b}:c'], 'HIVE_MESSAGE_INVALID'],
  ['an unknown type', ['--from', 'a', '--to', 'b', '--type', 'hive.gossip'], 'HIVE_MESSAGE_INVALID'],
  ['data that is no JSON', ['--from', 'a', '--to', 'b', '--data', '{'], 'HIVE_MESSAGE_INVALID'],
])('hive send refuses %s', async (_name, words, code) => {
  const { exit, err } = await hive(newTeam(), 'send', ...words)
  expect([exit, err]).toEqual([2, expect.stringContaining(`error ${code}`)])
})

test('without a server the commands say which setting is missing', async () => {
  for (const words of [['tail'], ['dlq', 'list'], ['send', '--from', 'a', '--to', 'b', 'x']]) {
    const run = start('main', words, { HIVE_REDIS_URL: '' })
    expect(await run.exit).toBe(2)
    expect(run.err()).toContain('neither --redis nor HIVE_REDIS_URL is given')
  }
})

test('hive tail shows what is wanted, inert, takes nothing, and ends with 0 when it is stopped', async () => {
  const team = newTeam()
  const tail = start(team, ['tail', '--agent', 'bob', '--type', 'hive.request'])
  const counted = start(team, ['tail', '--count', '2', '--json'])
  expect(await eventually(() => [tail, counted].every((run) => run.err().includes('watching')))).toBe(true)
  const send = (to: string, type: string, text: string) =>
    hive(team, 'send', '--from', 'alice', '--to', to, '--type', type, text)
  await send('carol', 'hive.request', 'for carol')
  await send('bob', 'hive.status.update', 'another type')
  await send('bob', 'hive.request', 'red \u001B[31m alert \u0007\u009B2J\u202E\nnext line')
  expect(await eventually(() => tail.out().includes('alert'))).toBe(true)
  expect(await counted.exit).toBe(0)
  tail.stop()
  expect(await tail.exit).toBe(0)
  const lines = tail.out().trimEnd().split('\n')
  expect(lines.length).toBe(1)
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}alice → bob {2}request {2}\S+ {2}\{"text":"red/)
  // eslint-disable-next-line no-control-regex -- their absence is the point
  expect(lines[0]).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/)
  const documents = counted.out().trimEnd().split('\n')
  expect(documents.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: { recipient: 'carol', data: { text: 'for carol' } } },
    { event: { recipient: 'bob', type: 'hive.status.update' } },
  ])
  const bus = await connect(team)
  expect(await bus.depth('bob')).toBe(2)
  await bus.close()
})

test('hive dlq list, show, replay and drop work on the letters that are meant, and on no others', async () => {
  const team = newTeam()
  const bus = await connect(team)
  await makeLetters(bus, 3)
  const listed = await hive(team, 'dlq', 'list', '--agent', 'bob', '--max', '2', '--json')
  expect(listed.exit, listed.err).toBe(0)
  const { letters, left } = JSON.parse(listed.out) as { letters: { entry: string; reason: string }[]; left: number }
  expect([letters.length, left, letters[0]?.reason]).toEqual([2, 1, 'rejected'])
  const [first = { entry: '' }, second = { entry: '' }] = letters
  const shown = await hive(team, 'dlq', 'show', first.entry)
  expect([shown.exit, shown.out]).toEqual([0, expect.stringContaining('"id": "m0"')])

  const replayed = await hive(team, 'dlq', 'replay', first.entry, '1-1', '--json')
  expect([replayed.exit, JSON.parse(replayed.out)]).toMatchObject([1, { replayed: 1, missing: ['1-1'] }])
  const { deliveries } = await bus.receive({ agent: 'bob', consumer: 'two', max: 10 })
  expect(deliveries.map(({ event }) => (JSON.parse(event) as { id: string }).id)).toEqual(['m0'])
  expect((await hive(team, 'dlq', 'show', first.entry)).exit).toBe(1)

  expect((await hive(team, 'dlq', 'drop', second.entry)).exit).toBe(0)
  expect(await bus.deadLetters()).toMatchObject([{ agent: 'bob' }, { agent: 'carol' }])
  expect((await hive(team, 'dlq', 'replay', '--all', '--agent', 'bob')).out).toContain('replayed  1')
  expect(await bus.deadLetters()).toMatchObject([{ agent: 'carol' }])
  expect((await hive(team, 'dlq', 'drop', '--all')).exit).toBe(0)
  expect((await hive(team, 'dlq', 'list')).out).toContain('no dead letters')
  await bus.close()
})

test.each([
  [['dlq', 'drop']],
  [['dlq', 'replay', '1-1', '--all']],
  [['dlq', 'drop', '1-1', '--agent', 'bob']],
  [['dlq', 'show', 'first']],
  [['dlq', 'list', '--max', '0']],
  [['tail', '--count', 'all']],
])('hive %j is refused: nothing is chosen by guessing', async (words) => {
  const { exit, err } = await hive(newTeam(), ...words)
  expect([exit, err]).toEqual([2, expect.stringContaining('error HIVE_USAGE')])
})
