import { hash } from 'node:crypto'
import { meaningBytes, sameMeaning, type Meaning } from '../proof/meaning.ts'
import { keyOfRow } from '../values.ts'
import { report, type ProofOutcome, type ProofRun } from './prove-run.ts'
import { TargetRows } from './target-rows.ts'

/** Digests that are held at once: about 100 bytes each. More rows are compared in several passes. */
const digestsAtATime = 500_000
/** Rows that differ and are looked at value by value; more of them are counted as rows. */
const pairedAtMost = 200

/**
 * Compares two tables without a usable key as multisets of row digests: 144 bits of SHA-256 over every value with its
 * length, so that no two rows meet by accident.
 */
export async function proveMultiset(run: ProofRun): Promise<ProofOutcome> {
  const { proof } = run
  const passes = Math.max(1, Math.ceil(proof.rowsSource / digestsAtATime))
  const sourceOnly = new Map<string, number>()
  const targetOnly = new Map<string, number>()
  let outcome: ProofOutcome = { rowsRead: 0, rowsDiffering: 0, rowsTarget: 0, digest: '', chunks: [] }
  for (let pass = 0; pass < passes; pass += 1) {
    const inPass = (digest: string): boolean =>
      passes === 1 || Number.parseInt(digest.slice(0, 8), 16) % passes === pass
    const counts = new Map<string, number>()
    const rowsRead = addSource(run, { counts, inPass, isFirst: pass === 0 })
    const { rows, digest } = await subtractTarget(run, { counts, inPass })
    if (pass === 0) outcome = { rowsRead, rowsDiffering: 0, rowsTarget: rows, digest, chunks: [{ rows, digest }] }
    for (const [key, count] of counts) {
      if (count > 0) sourceOnly.set(key, count)
      else if (count < 0) targetOnly.set(key, -count)
    }
  }
  const rowsDiffering = [...sourceOnly.values()].reduce((sum, count) => sum + count, 0)
  if (rowsDiffering > 0 || targetOnly.size > 0) await nameDifferences(run, { sourceOnly, targetOnly })
  return { ...outcome, rowsDiffering }
}

function rowDigest(values: readonly Meaning[]): string {
  const parts: Buffer[] = []
  for (const value of values) {
    const bytes = meaningBytes(value)
    const size = Buffer.allocUnsafe(4)
    size.writeUInt32BE(bytes.length)
    parts.push(size, bytes)
  }
  return hash('sha256', Buffer.concat(parts), 'hex').slice(0, 36)
}

interface Pass {
  readonly counts: Map<string, number>
  readonly inPass: (digest: string) => boolean
}

function addSource(run: ProofRun, pass: Pass & { readonly isFirst: boolean }): number {
  const { proof } = run
  const source = proof.openRows()
  let rowsRead = 0
  for (let next = source.next(); next.done !== true; next = source.next()) {
    rowsRead += 1
    const { values, refused } = run.expect(next.value)
    if (refused) {
      if (pass.isFirst) run.absent(next.value)
      continue
    }
    const digest = rowDigest(values)
    if (pass.inPass(digest)) pass.counts.set(digest, (pass.counts.get(digest) ?? 0) + 1)
    if (rowsRead % 20_000 === 0) report(proof, rowsRead)
  }
  return rowsRead
}

async function subtractTarget(run: ProofRun, pass: Pass): Promise<{ rows: number; digest: string }> {
  const { proof } = run
  const target = new TargetRows(run.client, { schema: proof.schema, plan: proof.table })
  // A sum does not depend on the order of the rows, and unlike XOR it does not lose duplicates.
  let sum = 0n
  for (let step = target.advance(); typeof step === 'boolean' ? step : await step; step = target.advance()) {
    const digest = rowDigest(target.values())
    sum += BigInt(`0x${digest}`)
    if (pass.inPass(digest)) pass.counts.set(digest, (pass.counts.get(digest) ?? 0) - 1)
  }
  return { rows: target.rows, digest: hash('sha256', `${target.rows}:${sum % (1n << 144n)}`, 'hex') }
}

interface Leftovers {
  readonly sourceOnly: Map<string, number>
  readonly targetOnly: Map<string, number>
}

interface OddRow {
  readonly key: string
  readonly values: readonly Meaning[]
}

/** Reads both sides again for the rows that have no equal, and pairs those that differ in few columns. */
async function nameDifferences(run: ProofRun, left: Leftovers): Promise<void> {
  const { proof, differences } = run
  const missing: OddRow[] = []
  const source = proof.openRows()
  let unnamedMissing = 0
  for (let next = source.next(); next.done !== true; next = source.next()) {
    const { values, refused } = run.expect(next.value)
    if (refused || !takeOne(left.sourceOnly, rowDigest(values))) continue
    if (missing.length < pairedAtMost) missing.push({ key: keyOfRow(next.value, proof.keyColumns), values })
    else unnamedMissing += 1
  }
  const surplus: OddRow[] = []
  let unnamedSurplus = 0
  const target = new TargetRows(run.client, { schema: proof.schema, plan: proof.table })
  for (let step = target.advance(); typeof step === 'boolean' ? step : await step; step = target.advance()) {
    const values = target.values()
    if (!takeOne(left.targetOnly, rowDigest(values))) continue
    if (surplus.length < pairedAtMost) surplus.push({ key: `ctid ${target.place()}`, values })
    else unnamedSurplus += 1
  }
  for (const row of missing) {
    const match = closest(row, surplus)
    if (match === undefined) {
      differences.missing(row.key)
      continue
    }
    surplus.splice(surplus.indexOf(match), 1)
    for (const [index, expected] of row.values.entries()) {
      const found = match.values[index] ?? null
      if (sameMeaning(expected, found)) continue
      differences.value(row.key, proof.table.columns[index]?.name ?? '', { source: expected, target: found })
    }
  }
  for (const row of surplus) differences.surplus(row.key)
  if (unnamedMissing > 0) {
    differences.note(
      { key: 'further rows', column: '*', source: `${unnamedMissing} rows`, target: 'absent' },
      unnamedMissing,
    )
  }
  if (unnamedSurplus > 0) {
    differences.note(
      { key: 'further rows', column: '*', source: 'absent', target: `${unnamedSurplus} rows` },
      unnamedSurplus,
    )
  }
}

function takeOne(counts: Map<string, number>, digest: string): boolean {
  const count = counts.get(digest) ?? 0
  if (count === 0) return false
  counts.set(digest, count - 1)
  return true
}

/** The row that agrees in most columns, if it agrees in at least half of them. */
function closest(row: OddRow, others: readonly OddRow[]): OddRow | undefined {
  let best: OddRow | undefined
  let most = Math.ceil(row.values.length / 2)
  for (const other of others) {
    const same = row.values.filter((value, index) => sameMeaning(value, other.values[index] ?? null)).length
    if (same < most || (best !== undefined && same === most)) continue
    best = other
    most = same
  }
  return best
}
