import { expect, test } from 'vitest'
import { lintRedis, type RedisFacts } from './lint.ts'

const good: RedisFacts = {
  version: '7.0.15',
  role: 'master',
  maxmemoryPolicy: 'noeviction',
  appendOnly: true,
  appendFsync: 'always',
  lastWriteOk: true,
}
const checks = (change: Partial<RedisFacts>): readonly string[] =>
  lintRedis({ ...good, ...change }).findings.map(({ level, check }) => `${level} ${check}`)

test('lintRedis() finds nothing on a server that syncs every write', () => {
  expect(lintRedis(good)).toMatchObject({ durability: 'fsync', findings: [] })
})

test('lintRedis() calls everysec what it is: memory', () => {
  const { durability, meaning, findings } = lintRedis({ ...good, appendFsync: 'everysec' })
  expect(durability).toBe('memory')
  expect(meaning).toContain('two seconds')
  expect(findings).toEqual([])
})

test.each<[string, Partial<RedisFacts>, string]>([
  ['an old version', { version: '6.2.14' }, 'MUST version'],
  ['an unknown version', { version: 'unknown' }, 'MUST version'],
  ['a replica', { role: 'slave' }, 'MUST role'],
  ['eviction', { maxmemoryPolicy: 'allkeys-lru' }, 'MUST eviction'],
  ['a forbidden CONFIG GET', { maxmemoryPolicy: undefined }, 'MUST eviction'],
  ['a full disk', { lastWriteOk: false }, 'MUST last-write'],
  ['no append-only file', { appendOnly: false }, 'SHOULD append-only'],
  ['no fsync', { appendFsync: 'no' }, 'SHOULD fsync'],
])('lintRedis() finds %s', (_name, change, finding) => {
  expect(checks(change)).toContain(finding)
})

test('lintRedis() promises nothing of a server that does not tell', () => {
  expect(lintRedis({ ...good, appendOnly: undefined }).durability).toBe('unknown')
  expect(lintRedis({ ...good, appendOnly: false }).durability).toBe('memory')
})
