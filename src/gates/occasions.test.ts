import { expect, test } from 'vitest'
import { dueWords, isAffected, isAsked, isDue, unaffectedWords, type Occasion } from './occasions.ts'

const whens = ['push', 'ready', 'merge-queue', 'nightly'] as const

const runs: readonly (readonly [Occasion, string, string])[] = [
  ['commit', 'push', 'push'],
  ['draft', 'push', 'push ready'],
  ['ready', 'push ready', 'push ready'],
  ['merge-queue', 'push ready merge-queue', 'push ready merge-queue'],
  ['nightly', 'push ready merge-queue nightly', 'push ready merge-queue nightly'],
]

test.each(runs)('on the occasion %s run %s and are asked for %s', (occasion, due, asked) => {
  expect(whens.filter((when) => isDue({ when }, occasion)).join(' ')).toBe(due)
  expect(whens.filter((when) => isAsked({ when }, occasion)).join(' ')).toBe(asked)
})

test('dueWords() tells each occasion apart', () => {
  expect(new Set(whens.map((when) => dueWords({ when }))).size).toBe(4)
})

const changes: readonly (readonly [string, readonly string[], readonly string[] | undefined, boolean])[] = [
  ['no paths', [], ['README.md'], true],
  ['unknown files', ['src/**'], undefined, true],
  ['a file below', ['src/**'], ['docs/a.md', 'src/a/b.ts'], true],
  ['a file elsewhere', ['src/**'], ['docs/a.md', 'srcs/a.ts'], false],
  ['no file', ['src/**'], [], false],
  ['a name with a dot', ['src/**'], ['src/.env'], true],
  ['a folder with a dot', ['**/*.yml'], ['.github/workflows/ci.yml'], true],
  ['a pattern with a dot', ['.github/**'], ['.github/workflows/ci.yml'], true],
  ['./ in front', ['./src/**'], ['src/a.ts'], true],
  ['an exact name', ['package.json'], ['a/package.json'], false],
  ['one taken out', ['src/**', '!**/*.md'], ['src/a.md'], false],
  ['one taken out and one not', ['src/**', '!**/*.md'], ['src/a.md', 'src/a.ts'], true],
  ['only some taken out', ['!docs/**'], ['docs/a.md'], false],
  ['only others taken out', ['!docs/**'], ['src/a.ts'], true],
  ['hive.yml, whatever the paths say', ['src/**', '!hive.yml'], ['hive.yml'], true],
  ['the gates workflow', ['src/**'], ['.github/workflows/hive-gates.yml'], true],
  ['a parent folder in a name', ['src/**'], ['../src/a.ts'], false],
]

test.each(changes)('isAffected() with %s', (_name, paths, files, affected) => {
  expect(isAffected({ paths }, files)).toBe(affected)
})

test('unaffectedWords() names the first globs', () => {
  expect(unaffectedWords({ paths: ['a', 'b', 'c', 'd'] })).toBe('not needed: no changed file under a, b, c and 1 more')
})
