import { expect, test } from 'vitest'
import { jsonMeaning } from '../proof/json-meaning.ts'
import { instantMicros, wallMicros } from '../zone.ts'
import { parentsFirst } from './components.ts'
import { isLedger } from './ledgers.ts'
import { matchNames } from './match-names.ts'

test.each([
  [['users'], ['users', 'Users'], [['users', 'users']]],
  [['UserProfile'], ['user_profile'], [['UserProfile', 'user_profile']]],
  [['userId', 'user_id'], ['user_id'], [['user_id', 'user_id']]],
  [['userId', 'UserID'], ['user_id'], []],
  [['userId'], ['user_id', 'userid'], []],
])('%j meet %j', (source, target, pairs) => {
  expect([...matchNames(source, target)]).toEqual(pairs)
})

test.each([
  ['alembic_version', ['version_num'], true],
  ['_prisma_migrations', ['id', 'checksum', 'migration_name'], true],
  ['SequelizeMeta', ['name'], true],
  ['migrations', ['id', 'migration', 'batch'], true],
  ['migrations', ['id', 'bird', 'from', 'to'], false],
  ['schema_version', ['id', 'title'], false],
  ['users', ['version'], false],
] as const)('%s with %j is a ledger: %s', (name, columns, expected) => {
  expect(isLedger(name, columns)).toBe(expected)
})

test('parents come first, and a cycle stays together', () => {
  const parents: Readonly<Record<string, readonly string[]>> = {
    d: ['c'],
    c: ['b', 'gone'],
    b: ['a', 'c'],
    a: [],
    e: ['e'],
  }
  expect(parentsFirst(['d', 'c', 'b', 'a', 'e'], (table) => parents[table] ?? [])).toEqual([
    { tables: ['a'], cyclic: false },
    { tables: ['b', 'c'], cyclic: true },
    { tables: ['d'], cyclic: false },
    { tables: ['e'], cyclic: true },
  ])
})

const micros = (text: string): bigint => BigInt(Date.parse(`${text}Z`)) * 1_000n

test('a clock that shows a time twice or never names no instant', () => {
  const berlin = 'Europe/Berlin'
  expect(instantMicros(micros('2026-07-01T12:00:00'), berlin)).toBe(micros('2026-07-01T10:00:00'))
  expect(instantMicros(micros('2026-03-29T02:30:00'), berlin)).toBeUndefined()
  expect(instantMicros(micros('2026-10-25T02:30:00'), berlin)).toBeUndefined()
  expect(instantMicros(micros('2026-10-25T03:00:00'), berlin)).toBe(micros('2026-10-25T02:00:00'))
  expect(wallMicros(micros('2026-07-01T10:00:00') + 7n, berlin)).toBe(micros('2026-07-01T12:00:00') + 7n)
  expect(wallMicros(-62_135_596_800_000_001n, berlin) < -62_135_596_800_000_000n + 3_600_000_000n).toBe(true)
})

test.each([
  ['{"b":1,"a":[1.0,"\\u0041"]}', '{ "a": [1, "A"], "b": 1e0 }', true],
  ['{"a":1,"a":2}', '{"a":2}', true],
  ['12345678901234567890', '12345678901234567891', false],
  ['[1,2]', '[2,1]', false],
  ['"1"', '1', false],
  ['null', '"null"', false],
] as const)('%s and %s are one value: %s', (a, b, expected) => {
  expect(jsonMeaning(a) === jsonMeaning(b)).toBe(expected)
})
