import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planMigration, type Decisions, type Inventory, type MigrationPlan } from '../../../src/migration/index.ts'
import { sourcePlanHash } from '../../../src/migration/profile/plan-hash.ts'
import { inventoryOf, profileOf } from '../../../src/migration/profile/profile.ts'
import type { ProfileSource } from '../../../src/migration/profile/schema.ts'
import { inspectSnapshots, takeSnapshots } from '../../../src/migration/run.ts'
import { writeSyntheticFile } from '../../../src/migration/sqlite/synthetic-file.ts'
import { awkwardCases } from './awkward-cases.ts'
import { buildDatabase } from './support.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-profile-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function inspect(path: string): Promise<Inventory> {
  const work = { signal: new AbortController().signal, progress: () => {} }
  const workFolder = await mkdtemp(join(folder, 'snapshot-'))
  const [inventory] = await inspectSnapshots(await takeSnapshots([{ path }], { ...work, workFolder }), work)
  if (inventory === undefined) throw new Error(`no inventory of ${path}`)
  return inventory
}

/** Everything of a plan that is no count, no example and no word. */
function shapeOf(plan: MigrationPlan): unknown {
  const [source] = plan.document.sources
  return {
    tables: source?.tables.map(({ columns, ...table }) => ({
      ...table,
      columns: columns.map(({ reason: _, ...column }) => column),
    })),
    notCarried: source?.notCarried.map(({ kind, name, suggestion }) => ({ kind, name, suggestion })),
    pending: plan.pending.map(({ key, options, default: meanwhile }) => ({ key, options, meanwhile })),
    objects: plan.sources[0]?.tables.map(({ objects, createSql }) => ({ objects, createSql })),
  }
}

const source = '0'.repeat(64)

async function threePlans(path: string, decisions: Decisions): Promise<readonly MigrationPlan[]> {
  const real = await inspect(path)
  const profile: ProfileSource = JSON.parse(JSON.stringify(profileOf(real, source)))
  const place = await mkdtemp(join(folder, 'synthetic-'))
  await mkdir(place, { recursive: true })
  writeSyntheticFile(join(place, profile.name), profile)
  const synthetic = await inspect(join(place, profile.name))
  return [real, inventoryOf(profile, path), synthetic].map((inventory) =>
    planMigration([inventory], { sources: [{ path }], decisions }),
  )
}

for (const [index, awkward] of awkwardCases.entries()) {
  test(`one plan from the database, its profile and its synthetic rows: ${awkward.name}`, async () => {
    const path = buildDatabase(join(folder, `case_${index}.db`), awkward.build)
    const [real, profiled, synthetic] = await threePlans(path, awkward.decisions ?? {})
    if (real === undefined || profiled === undefined || synthetic === undefined) throw new Error('three plans')
    expect(shapeOf(profiled)).toEqual(shapeOf(real))
    expect(shapeOf(synthetic)).toEqual(shapeOf(real))
    const hashes = [real, profiled, synthetic].map((plan) => plan.document.sources.map(sourcePlanHash))
    expect(new Set(hashes.flat()).size).toBe(1)
  })
}
