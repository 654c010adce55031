import type { PlanTable } from '../documents.ts'
import { storageClassOf, type StoredValue } from '../values.ts'
import type { Differences } from './differences.ts'
import { expectationOf, type Expect } from './expected.ts'
import { sameMeaning, type Meaning } from './meaning.ts'

/** What a row of the source must look like in the target. */
export interface ExpectedRow {
  /** Values that no conversion holds stand here as their bytes. */
  readonly values: readonly Meaning[]
  /** The plan does not hold this row: it must be in quarantine. */
  readonly refused: boolean
}

/** Turns a stored row (rowid, columns, orphan flags) into what the plan says of it. */
export function rowExpectation(table: PlanTable): (row: readonly StoredValue[]) => ExpectedRow {
  const expects = table.columns.map(expectationOf)
  const misfitIsNull = table.columns.map(({ misfit }) => misfit === 'null')
  return (row) => {
    const nulled = orphanRule(table, row)
    let refused = nulled === 'quarantine'
    const values: Meaning[] = []
    for (let index = 0; index < expects.length; index += 1) {
      const value = row[index + 1] ?? null
      const expect: Expect | undefined = expects[index]
      if (value === null || expect === undefined || (nulled !== 'quarantine' && nulled.has(index))) {
        values.push(null)
        continue
      }
      const meaning = expect(value)
      if (meaning !== undefined) values.push(meaning)
      else if (misfitIsNull[index] === true) values.push(null)
      else {
        refused = true
        values.push(asBytes(value) ?? null)
      }
    }
    return { values, refused }
  }
}

const asBytes = expectationOf({ type: 'bytea', conversion: 'mixed-bytea' })

const none: ReadonlySet<number> = new Set()

function orphanRule(table: PlanTable, row: readonly StoredValue[]): 'quarantine' | ReadonlySet<number> {
  if (table.orphans === undefined) return none
  const nulled = new Set<number>()
  for (const [index, rule] of table.orphans.entries()) {
    if (row[table.columns.length + 1 + index] !== 1n) continue
    if (rule.action === 'quarantine') return 'quarantine'
    for (const name of rule.columns) nulled.add(table.columns.findIndex((column) => column.name === name))
  }
  return nulled
}

/** What `hive.quarantine` holds of a table, by row key and column. */
export type QuarantinedRows = ReadonlyMap<string, ReadonlyMap<string, QuarantinedValue>>

export interface QuarantinedValue {
  readonly storageClass: string
  readonly value: Buffer | null
}

/** A refused row must be in quarantine with every value. Returns whether it is there at all. */
export function checkQuarantined(
  row: readonly StoredValue[],
  place: {
    readonly key: string
    readonly table: PlanTable
    readonly quarantined: QuarantinedRows
    readonly differences: Differences
  },
): boolean {
  const kept = place.quarantined.get(place.key)
  if (kept === undefined) return false
  for (const [index, { name }] of place.table.columns.entries()) {
    const value = row[index + 1] ?? null
    const expected = value === null ? null : (asBytes(value) ?? null)
    const found = kept.get(name)?.value ?? null
    const isSame = sameMeaning(expected, found) && kept.get(name)?.storageClass === storageClassOf(value)
    if (!isSame) place.differences.value(place.key, name, { source: expected, target: found })
  }
  return true
}
