import { expect, test } from 'vitest'
import { translateCondition, translateDefault } from './expression.ts'

const columns = new Map([
  ['s', { sql: '"s"', mapping: { type: 'text', conversion: 'identity' } as const }],
  ['n', { sql: '"n"', mapping: { type: 'bigint', conversion: 'identity' } as const }],
  ['m', { sql: '"m"', mapping: { type: 'text', conversion: 'mixed-text' } as const }],
  ['f', { sql: '"f"', mapping: { type: 'boolean', conversion: 'boolean' } as const }],
])

test.each([
  ["s IN ('a', 'it''s')", `"s" IN ( 'a' , 'it''s' )`],
  ['n >= 0 AND "n" < 10', '"n" >= 0 AND "n" < 10'],
  ['n BETWEEN 1 AND 5 OR n IS NULL', '"n" BETWEEN 1 AND 5 OR "n" IS NULL'],
  ['length(s) <= 3', 'length("s") <= 3'],
  ['n == -1', '"n" = - 1'],
  [String.raw`s <> '\'`, String.raw`"s" <> E'\\'`],
])('%s keeps its meaning', (sql, expected) => {
  expect(translateCondition(sql, columns)).toBe(expected)
})

test.each([
  'n',
  's',
  'n AND n > 1',
  'n > 1 AND n',
  "s > 'a'",
  's = 1',
  "n = '1'",
  "m = 'a'",
  'f = 1',
  "s LIKE 'a%'",
  'abs(n) > 1',
  'n IS 5',
  'x = 1',
  "s || 'a' = 'b'",
  'n = 0x10',
  'n % 2 = 0',
  "s GLOB '*'",
  "s = x'00'",
  '',
  'n > 1; DROP TABLE t',
  "n > 1 -- ' \n ) --",
])('%s is left to people', (sql) => {
  expect(translateCondition(sql, columns)).toBeUndefined()
})

test.each([
  ["'it''s'", 'text', "'it''s'"],
  ['(-5)', 'bigint', '-5'],
  ['TRUE', 'boolean', 'true'],
  ["'1'", 'bigint', '1'],
  ['NULL', 'bytea', 'NULL'],
  ["'{}'", 'json', "'{}'"],
  ["'{'", 'json', undefined],
  ['CURRENT_TIMESTAMP', 'timestamptz', undefined],
  ['(random())', 'bigint', undefined],
  ['2', 'boolean', undefined],
  ["'abc'", 'bigint', undefined],
] as const)('default %s of a %s becomes %s', (sql, type, expected) => {
  expect(translateDefault(sql, { type, conversion: 'identity' })).toBe(expected)
})
