import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/core/catalogue/index.ts'

test('every code of the catalogue is used, so that the documentation explains nothing that cannot happen', async () => {
  let sources = ''
  for await (const file of glob(['src/**/*.ts', 'scripts/**/*.mjs', 'bin/*.js'])) {
    if (!/\.test\.ts$|catalogue/.test(file)) sources += readFileSync(file, 'utf8')
  }
  expect(sources.length).toBeGreaterThan(100_000)
  expect(Object.keys(catalogue).filter((code) => !sources.includes(`'${code}'`))).toEqual([])
})

test('every code that the sources name is in the catalogue or a value of hive.quarantine', async () => {
  const quarantine = new Set(['HIVE_VALUE_MISFIT', 'HIVE_ORPHAN'])
  const unknown = new Set<string>()
  for await (const file of glob(['src/**/*.ts', 'scripts/**/*.mjs', 'bin/*.js'])) {
    if (/\.(test|fixture)\.ts$/.test(file)) continue
    for (const [, code = ''] of readFileSync(file, 'utf8').matchAll(/'(HIVE_[A-Z0-9_]+)'/g)) {
      if (!(code in catalogue) && !quarantine.has(code) && !environmentVariable.has(code))
        unknown.add(`${file}: ${code}`)
    }
  }
  expect([...unknown]).toEqual([])
})

/** Variables that have the same prefix. */
const environmentVariable = new Set([
  'HIVE_POSTGRES_URL',
  'HIVE_REDIS_URL',
  'HIVE_GATEWAY_TOKENS',
  'HIVE_DEBUG',
  'HIVE_TEST_PROFILE',
  'HIVE_LAUNCHED_BY',
])
