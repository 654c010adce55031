import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaults, limits, messageTypes } from '../protocol/index.ts'
import { requirements } from './requirements/index.ts'

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')

test('docs/protocol.md lists the requirements that are tried, in their order', () => {
  const rows = [...page.matchAll(/^\| (HMP-[0-9]{3}) +\| (MUST|SHOULD) +\| (.+?) +\|$/gm)].map((row) => row.slice(1))
  expect(rows).toEqual(requirements.map(({ id, level, title }) => [id, level, title]))
})

test('requirement ids are unique and ascend', () => {
  const ids = requirements.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)].sort())
})

test('docs/protocol.md states the types and limits of the code', () => {
  for (const type of messageTypes) expect(page).toContain(`\`${type}\``)
  const numbers = [limits.eventBytes, limits.publishBatch, defaults.maxInboxDepth]
  for (const number of numbers) expect(page).toContain(number.toLocaleString('en'))
  expect(page).toContain(`(0 to ${limits.receiveBatch})`)
  expect(page).toContain(`${limits.depth} levels`)
  expect(page).toContain(`claim idle time (${defaults.claimIdleMs / 1_000} s)`)
  expect(page).toContain(`every ${defaults.dedupeWindowMs / 1_000} s`)
})
