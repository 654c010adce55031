import { fault } from '../../core/index.ts'
import type { VerifyTable } from '../documents.ts'
import { Differences } from '../proof/differences.ts'
import { sameMeaning, type Meaning } from '../proof/meaning.ts'
import { compareKeys, mergeKey } from '../proof/order.ts'
import { checkQuarantined, rowExpectation } from '../proof/source-rows.ts'
import { keyOfRow, type StoredValue } from '../values.ts'
import type { Client } from './connect.ts'
import { proveMultiset } from './prove-multiset.ts'
import { report, type ProofOutcome, type ProofRun, type TableProof } from './prove-run.ts'
import { rowKey } from './quarantine.ts'
import { TargetRows } from './target-rows.ts'

/** Compares every value of one table. */
export async function proveTable(
  client: Client,
  proof: TableProof,
): Promise<VerifyTable & { readonly rowsProved: number }> {
  const differences = new Differences(proof.show)
  let quarantined = 0
  let missing = 0
  const absent = (row: readonly StoredValue[]): void => {
    const key = rowKey(row, proof.keyColumns)
    if (checkQuarantined(row, { key, table: proof.table, quarantined: proof.quarantined, differences }))
      quarantined += 1
    else {
      missing += 1
      differences.missing(keyOfRow(row, proof.keyColumns))
    }
  }
  const run: ProofRun = { client, proof, differences, expect: rowExpectation(proof.table), absent }
  const key = mergeKey(proof.table, proof.encoding)
  const outcome = key === undefined ? await proveMultiset(run) : await proveByKey(run, key)
  // A reader that ends early would otherwise prove the rows that it saw, and only those.
  if (outcome.rowsRead !== proof.rowsSource) {
    throw fault('HIVE_INTERNAL', {
      problem: `SQLite counts ${proof.rowsSource} rows in ${proof.table.name} and gave ${outcome.rowsRead}`,
    })
  }
  return {
    name: proof.table.name,
    target: proof.table.target,
    rowsSource: proof.rowsSource,
    rowsTarget: outcome.rowsTarget,
    rowsQuarantined: quarantined,
    digest: outcome.digest,
    chunks: outcome.chunks.map((chunk) => ({ ...chunk })),
    differences: differences.total,
    differing: [...differences.first],
    rowsProved: proof.rowsSource - quarantined - missing - outcome.rowsDiffering,
  }
}

/** Rows between two looks at the signal and two progress reports. */
const rowsPerReport = 20_000

async function proveByKey(run: ProofRun, key: readonly number[]): Promise<ProofOutcome> {
  const { proof, differences } = run
  const target = new TargetRows(run.client, { schema: proof.schema, plan: proof.table }, key)
  const { rows: source, resolve } = proof.openRawRows(key.map((index) => proof.table.columns[index]?.name ?? ''))
  const columns = proof.table.columns.length
  // A row whose parent is missing may have to be altered or absent: equal is not enough there.
  const mayBeEqual = proof.table.orphans === undefined
  const targetKey = (): readonly Meaning[] => key.map((index) => target.value(index))
  let rowsRead = 0
  let rowsDiffering = 0
  let step = target.advance()
  let hasTarget = typeof step === 'boolean' ? step : await step
  for (let next = source.next(); next.done !== true; next = source.next()) {
    const row = next.value
    rowsRead += 1
    if (rowsRead % rowsPerReport === 0) report(proof, rowsRead)
    if (mayBeEqual && hasTarget && target.equals(row)) {
      step = target.advance()
      hasTarget = typeof step === 'boolean' ? step : await step
      continue
    }
    resolve(row)
    const { values, refused } = run.expect(row)
    const sourceKey = key.map((index) => values[index] ?? null)
    let order = hasTarget ? compareKeys(sourceKey, targetKey()) : -1
    while (order > 0) {
      differences.surplus(keyName(targetKey()))
      step = target.advance()
      hasTarget = typeof step === 'boolean' ? step : await step
      order = hasTarget ? compareKeys(sourceKey, targetKey()) : -1
    }
    if (order < 0) {
      run.absent(row)
      continue
    }
    const before = differences.total
    for (let index = 0; index < columns; index += 1) {
      const expected = values[index] ?? null
      const found = target.value(index)
      if (sameMeaning(expected, found)) continue
      const name = proof.table.columns[index]?.name ?? ''
      differences.value(keyOfRow(row, proof.keyColumns), name, { source: expected, target: found })
    }
    if (refused) {
      differences.note({
        key: keyOfRow(row, proof.keyColumns),
        column: '*',
        source: 'to be quarantined',
        target: 'row',
      })
    }
    if (differences.total > before) rowsDiffering += 1
    step = target.advance()
    hasTarget = typeof step === 'boolean' ? step : await step
  }
  while (hasTarget) {
    differences.surplus(keyName(targetKey()))
    step = target.advance()
    hasTarget = typeof step === 'boolean' ? step : await step
  }
  return { rowsRead, rowsDiffering, rowsTarget: target.rows, digest: target.digest(), chunks: target.chunks }
}

function keyName(key: readonly Meaning[]): string {
  const parts = key.map((value) =>
    value instanceof Uint8Array ? `\\x${value.toString('hex')}` : String(value ?? 'NULL'),
  )
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts)
}
