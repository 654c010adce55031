import { expect, test } from 'vitest'
import { isHiveError } from '../core/errors.ts'
import { parseYaml } from './yaml-source.ts'

function refusalOf(text: string): Record<string, unknown> {
  try {
    parseYaml(text, 'hive.yml')
  } catch (error) {
    if (isHiveError(error, 'HIVE_CONFIG_SYNTAX')) return error.data
    throw error
  }
  throw new Error('the text was accepted')
}

test('parseYaml() reads YAML 1.2: no, off and 09:00 are texts', () => {
  expect(parseYaml('a: no\nb: off\nc: 09:00\nd: 2026-12-01\ne: 0x10\n', 'x').value).toEqual({
    a: 'no',
    b: 'off',
    c: '09:00',
    d: '2026-12-01',
    e: 16,
  })
})

test.each([
  ['a broken list', 'a: 1\nb: [1, 2', 2, 'Flow sequence'],
  ['a repeated key', 'a:\n  b: 1\n  b: 2\n', 3, 'found the key b twice'],
  ['a custom tag', 'a: 1\nb: !secret x\n', 2, 'Unresolved tag'],
  ['two documents', 'a: 1\n---\nb: 2\n', 2, 'multiple documents'],
  ['an unknown alias', 'a: *b\n', 1, 'alias b without an anchor'],
  ['YAML 1.1', '%YAML 1.1\n---\na: yes\n', 1, 'another YAML version'],
  ['__proto__', 'a:\n  __proto__: {x: 1}\n', 2, '__proto__'],
  ['deep nesting', '['.repeat(50_000), 1, 'too deep'],
  ['many aliases', `a: &a 1\nb: [${'*a, '.repeat(101)}]\n`, 2, 'more than 100 aliases'],
])('parseYaml() refuses %s with its line', (_name, text, line, problem) => {
  const data = refusalOf(text)
  expect(data).toMatchObject({ path: 'hive.yml', line })
  expect(data['problem']).toContain(problem)
})

test('parseYaml() refuses aliases that multiply', () => {
  const levels = Array.from({ length: 9 }, (_unused, index) =>
    index === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  )
  expect(refusalOf(levels.join('\n'))['problem']).toContain('beyond reason')
})

test('parseYaml() stays quick on a large file of keys', () => {
  const keys = process.env['HIVE_TEST_PROFILE'] === 'full' ? 110_000 : 30_000
  const text = Array.from({ length: keys }, (_unused, index) => `k${index}:`).join('\n')
  const started = performance.now()
  const { locate } = parseYaml(text, 'x')
  for (let index = 0; index < 10_000; index += 1) locate([`k${index}`])
  expect(locate([`k${keys - 1}`])).toEqual({ line: keys, column: 1 })
  // A quadratic search of a mebibyte takes minutes; this takes about a second.
  expect(performance.now() - started).toBeLessThan(20_000)
})

test('locate() points at keys, at items, through aliases, and at what encloses a missing part', () => {
  const { locate } = parseYaml('a:\n  - b: 1\n  - &x\n    c: 2\nd: *x\n', 'x')
  expect(locate(['a', 0, 'b'])).toEqual({ line: 2, column: 5 })
  expect(locate(['a', 1, 'c'])).toEqual({ line: 4, column: 5 })
  expect(locate(['d', 'c'])).toEqual({ line: 4, column: 5 })
  expect(locate(['a', 0, 'missing', 'deeper'])).toEqual({ line: 2, column: 5 })
  expect(locate([])).toEqual({ line: 1, column: 1 })
})
