import { expect, test } from 'vitest'
import { Namer, quoteName, schemaNames } from './names.ts'

test('names stay exact, and differ where they must', () => {
  const namer = new Namer({ fold: false, reserved: ['ctid'] })
  const long = 'ä'.repeat(40)
  const names = ['a', 'A', 'a', '', 'ctid', `${long}1`, `${long}2`].map((name) => namer.name(name, 'column_1'))
  expect(names.slice(0, 4)).toEqual(['a', 'A', expect.stringMatching(/^a_[0-9a-f]{8}$/), 'column_1'])
  expect(new Set(names).size).toBe(names.length)
  expect(names.every((name) => Buffer.byteLength(name) <= 63 && !name.includes('\uFFFD'))).toBe(true)
})

test('quotes are doubled', () => {
  expect(quoteName('a"b')).toBe('"a""b"')
})

test.each([
  [[{ path: 'x/app.db' }], ['public']],
  [[{ path: 'x/app.db', schema: 'app' }], ['app']],
  [
    [{ path: 'x/a.db' }, { path: 'x/b.sqlite3' }],
    ['a', 'b'],
  ],
  [
    [{ path: '/x/a.db' }, { path: '/y/a.db' }],
    ['x_a', 'y_a'],
  ],
  [
    [{ path: '/x/hive.db' }, { path: '/x/pg_a.db' }, { path: '/x/z.db' }],
    ['x_hive', 'x_pg_a', 'z'],
  ],
])('%j → %j', (sources, expected) => {
  expect(schemaNames(sources)).toEqual(expected)
})

test.each([
  [[{ path: '/1/x/a.db' }, { path: '/2/x/a.db' }]],
  [[{ path: 'a.db', schema: 'pg_x' }]],
  [[{ path: 'a.db', schema: 'hive' }]],
  [[{ path: 'a.db', schema: '' }]],
  [[{ path: '/x/x_a.db' }, { path: '/x/a.db' }, { path: '/y/a.db' }]],
])('%j is refused', (sources) => {
  expect(() => schemaNames(sources)).toThrow(/could not give/)
})
