import { expect, test } from 'vitest'
import { parseDecisions, renderDecisions, type PendingDecision } from './decisions.ts'

const open: PendingDecision = {
  kind: 'column',
  source: 'a.db',
  schema: 'public',
  table: 'users',
  columns: ['age'],
  key: 'users.age',
  problem: "1 × ''\u2028# in an INTEGER column",
  count: 1,
  exampleKeys: ['7\n8'],
  options: ['text', 'null'],
  default: 'text',
}

test('what is proposed can be decided by removing a #, and what was decided stays', () => {
  const decided = { columns: { 'a "b".c': 'null' as const }, names: 'fold' as const }
  const text = renderDecisions(decided, [open, { ...open, kind: 'foreign-key', key: 't.x', options: ['keep'] }])
  expect(parseDecisions(text, 'd.yml')).toEqual(decided)
  expect(parseDecisions(text.replaceAll(/^#(?!#)/gm, ''), 'd.yml')).toEqual({
    names: 'fold',
    columns: { ...decided.columns, 'users.age': 'text' },
    foreignKeys: { 't.x': 'keep' },
  })
})

test('a bare null is the decision null', () => {
  expect(parseDecisions('columns: {a.b: null, a.c: {type: uuid}}', 'd.yml')).toEqual({
    columns: { 'a.b': 'null', 'a.c': { type: 'uuid' } },
  })
  expect(parseDecisions('# nothing\n', 'd.yml')).toEqual({})
})

test.each(['a: b: c', 'columns: [1]', 'colums: {}', 'columns: {a: maybe}', 'x: &a [*a]', '- 1'])(
  '%s is refused',
  (text) => {
    expect(() => parseDecisions(text, 'd.yml')).toThrow(/could not read the decisions d\.yml/)
  },
)
