import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awkwardCases } from './awkward-cases.ts'
import { buildDatabase, migrate, openBench, readBothSides, type Bench } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

for (const [index, awkward] of awkwardCases.entries()) {
  test(awkward.name, async () => {
    const schema = `case_${index}`
    const path = buildDatabase(join(bench.folder, `${schema}.db`), awkward.build)
    const run = await migrate(bench, path, {
      schema,
      ...(awkward.decisions === undefined ? {} : { decisions: awkward.decisions }),
    })
    const [plan] = run.plan.sources
    const [outcome] = run.sources
    const tables = run.verify.sources[0]?.tables ?? []
    const quarantined = awkward.quarantined ?? 0

    expect(tables.flatMap(({ differing }) => differing)).toEqual([])
    expect(run.verify.verdict).toBe(quarantined > 0 ? 'fail' : 'pass')
    expect(run.copy.verdict).toBe(quarantined > 0 ? 'fail' : 'pass')
    expect(outcome?.quarantined.reduce((sum, { count }) => sum + count, 0)).toBe(quarantined)
    expect(plan?.notCarried.map(({ kind, name }) => `${kind} ${name}`)).toEqual(awkward.notCarried ?? [])
    expect(outcome?.pendingDecisions.map(({ key }) => key)).toEqual(awkward.pending ?? [])
    if (awkward.keys !== undefined) {
      expect(outcome?.pendingDecisions.flatMap(({ exampleKeys }) => exampleKeys)).toEqual(awkward.keys)
    }
    expect(outcome?.orphans.reduce((sum, { count }) => sum + count, 0)).toBe(awkward.orphans ?? 0)
    const types = Object.fromEntries(
      (plan?.tables ?? []).flatMap((table) =>
        table.columns.map(({ name, type, conversion }) => [`${table.name}.${name}`, `${type} ${conversion}`]),
      ),
    )
    expect(types).toMatchObject(awkward.types ?? {})

    if (awkward.decisions?.columns === undefined && awkward.decisions?.foreignKeys === undefined) {
      for (const table of plan?.tables ?? []) {
        if (table.rows === 'none') continue
        const { sqlite, postgres } = await readBothSides(bench, { path, run, table: table.name })
        expect(postgres).toEqual(sqlite)
      }
    }
    for (const [sql, expected] of awkward.queries ?? []) {
      const rows = await bench.query(sql.replaceAll('{schema}', schema))
      expect(rows[0]?.[0]).toEqual(expected)
    }
    for (const sql of awkward.refuses ?? []) {
      await expect(bench.query(sql.replaceAll('{schema}', schema))).rejects.toThrow(/constraint/)
    }
  })
}
