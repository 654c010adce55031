import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderMigrations } from '../../scripts/generate-migrations.ts'
import { migrations } from './migrations.generated.ts'

test('the embedded migrations are those of the folder migrations/', () => {
  const committed = readFileSync(new URL('./migrations.generated.ts', import.meta.url), 'utf8')
  expect(committed, 'run: node scripts/generate-migrations.ts').toBe(renderMigrations())
})

test('versions ascend without gaps', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_migration, index) => index + 1))
})
