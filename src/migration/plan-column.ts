import { mappingFor, type Mapping } from './conversions.ts'
import type { ColumnDecision } from './decisions.ts'
import { counterpartsOf } from './declared-type.ts'
import type { CandidateEvidence, ColumnEvidence, ColumnInventory, Sighting } from './inventory.ts'
import { isOneFormat } from './iso-text.ts'

/** What becomes of one column, and why. */
export interface ColumnChoice {
  readonly mapping: Mapping
  readonly reason: string
  readonly misfit?: 'null'
  /** Set where the declaration promises less than what is stored, and nobody decided. */
  readonly open?: { readonly problem: string; readonly misfits: Sighting; readonly options: readonly string[] }
}

export interface ColumnQuestion {
  readonly column: ColumnInventory
  /** Part of a key or index: json has no order there. */
  readonly indexed: boolean
  readonly decision?: ColumnDecision
}

/** Chooses the target type of a column; `undefined` where a decision names a type that does not exist. */
export function chooseColumn({ column, indexed, decision }: ColumnQuestion): ColumnChoice | undefined {
  const promised = counterpartsOf(column.declared).filter(({ type }) => !(indexed && type === 'json'))
  const declared = column.declared === '' ? 'declared without a type' : `declared ${column.declared}`
  if (decision === 'null' || decision === 'quarantine') {
    const mapping = bestOf(column.evidence, promised) ?? widest(column.evidence)
    const fate = decision === 'null' ? 'become NULL' : 'are quarantined'
    return {
      mapping,
      reason: `${declared}; by decision, values that ${mapping.type} does not hold ${fate}`,
      ...(decision === 'null' ? { misfit: 'null' } : {}),
    }
  }
  if (decision === 'text') {
    const isText = widest(column.evidence).conversion === 'identity' && column.evidence.texts.count > 0
    return {
      mapping: { type: 'text', conversion: isText ? 'identity' : 'mixed-text' },
      reason: `${declared}; text by decision`,
    }
  }
  if (decision !== undefined) {
    const mapping = mappingFor(decision.type, decision.conversion)
    if (mapping === undefined) return undefined
    return { mapping: sameClass(mapping, column.evidence), reason: `${declared}; ${mapping.type} by decision` }
  }
  return chooseByEvidence(column, { declared, promised })
}

/** Text and bytea that hold nothing but their own class need no conversion. */
function sameClass(mapping: Mapping, evidence: ColumnEvidence): Mapping {
  const natural = widest(evidence)
  return natural.type === mapping.type && natural.conversion === 'identity' ? natural : mapping
}

function chooseByEvidence(
  column: ColumnInventory,
  promise: { readonly declared: string; readonly promised: readonly Mapping[] },
): ColumnChoice {
  const { evidence } = column
  const { declared, promised } = promise
  const kept = promised.find((mapping) => keeps(candidateOf(evidence, mapping)))
  if (kept !== undefined) return { mapping: kept, reason: `${declared}; ${describeStored(evidence)}` }
  const mapping = widest(evidence)
  const best = bestOf(evidence, promised)
  if (best === undefined) return { mapping, reason: `${declared}; ${describeStored(evidence)}` }
  const broken = brokenPromise(evidence, best)
  return {
    mapping,
    reason: `${declared}, but ${broken.problem}: ${mapping.type} keeps every value`,
    open: { ...broken, options: optionsFor(evidence, best) },
  }
}

function candidateOf(evidence: ColumnEvidence, mapping: Mapping): CandidateEvidence | undefined {
  return evidence.candidates.find(
    (candidate) => candidate.mapping.type === mapping.type && candidate.mapping.conversion === mapping.conversion,
  )
}

function keeps(candidate: CandidateEvidence | undefined): boolean {
  if (candidate === undefined || candidate.misfits.count > 0) return false
  return candidate.formats === undefined || isOneFormat(Object.keys(candidate.formats))
}

/** The promise that fewest values break. */
function bestOf(evidence: ColumnEvidence, promised: readonly Mapping[]): Mapping | undefined {
  const misfits = (mapping: Mapping): number => candidateOf(evidence, mapping)?.misfits.count ?? 0
  return [...promised].sort((a, b) => misfits(a) - misfits(b))[0]
}

function brokenPromise(evidence: ColumnEvidence, best: Mapping): { problem: string; misfits: Sighting } {
  const candidate = candidateOf(evidence, best)
  if (candidate !== undefined && candidate.misfits.count > 0) {
    return { problem: describeMisfits(evidence, candidate), misfits: candidate.misfits }
  }
  const rarest = Object.entries(candidate?.formats ?? {}).sort(([, a], [, b]) => a.count - b.count)
  const [, sighting = { count: 0, exampleKeys: [] }] = rarest[0] ?? []
  const written = rarest.length === 1 ? 'one way' : `${rarest.length} ways`
  return { problem: `its timestamps are written in ${written} that one type cannot give back`, misfits: sighting }
}

function describeMisfits(evidence: ColumnEvidence, candidate: CandidateEvidence): string {
  const { count } = candidate.misfits
  const parts: string[] = []
  const { type } = candidate.mapping
  const add = (number: number, what: string): void => void (number > 0 && parts.push(`${number} × ${what}`))
  if (evidence.textsWithNul.count > 0) add(evidence.textsWithNul.count, 'text with NUL')
  if (evidence.invalidTexts.count > 0) add(evidence.invalidTexts.count, 'text in no valid encoding')
  if (type !== 'text' && count <= evidence.texts.count && evidence.emptyTexts > 0) add(evidence.emptyTexts, "''")
  const classes = `${describeClasses(evidence)} stored`
  const detail = parts.length > 0 ? ` (${parts.join(', ')})` : ''
  return `${count} of ${total(evidence)} values ${count === 1 ? 'is' : 'are'} no ${type}: ${classes}${detail}`
}

function optionsFor(evidence: ColumnEvidence, best: Mapping): readonly string[] {
  const options = ['quarantine', 'null']
  const mapping = widest(evidence)
  if (mapping.type === 'text') options.unshift('text')
  else options.unshift(`{type: ${mapping.type}}`)
  if (best.conversion === 'iso-timestamp' && evidence.integers.count > 0) {
    options.push(`{type: timestamptz, conversion: ${epochOf(evidence)}}`)
  } else if (best.conversion === 'iso-timestamp') options.push(`{type: ${best.type}}`)
  return options
}

/** The unit that puts the largest integer into this century. */
function epochOf(evidence: ColumnEvidence): string {
  const digits = (evidence.maxInteger ?? '').replace('-', '').length
  return digits <= 11 ? 'epoch-s' : digits <= 14 ? 'epoch-ms' : digits <= 17 ? 'epoch-us' : 'epoch-ns'
}

/** The narrowest type that holds everything that is stored, whatever was declared. */
function widest(evidence: ColumnEvidence): Mapping {
  const has = {
    integer: evidence.integers.count > 0,
    real: evidence.reals.count > 0,
    text: evidence.texts.count > 0,
    blob: evidence.blobs.count > 0,
  }
  if (evidence.textsWithNul.count > 0 || evidence.invalidTexts.count > 0) {
    return { type: 'bytea', conversion: 'mixed-bytea' }
  }
  if (has.blob) {
    const only = !has.integer && !has.real && !has.text
    return { type: 'bytea', conversion: only ? 'identity' : 'mixed-bytea' }
  }
  if (has.text) return { type: 'text', conversion: has.integer || has.real ? 'mixed-text' : 'identity' }
  if (has.real && has.integer) {
    const isDecimal = evidence.integerLikeReals === 0 && evidence.nonFiniteReals === 0
    return isDecimal ? { type: 'numeric', conversion: 'decimal' } : { type: 'text', conversion: 'mixed-text' }
  }
  if (has.real) return { type: 'double precision', conversion: 'identity' }
  if (has.integer) return { type: 'bigint', conversion: 'identity' }
  return { type: 'text', conversion: 'identity' }
}

function total(evidence: ColumnEvidence): number {
  return evidence.integers.count + evidence.reals.count + evidence.texts.count + evidence.blobs.count
}

function describeClasses(evidence: ColumnEvidence): string {
  const parts: string[] = []
  const add = (count: number, name: string): void => void (count > 0 && parts.push(`${count} ${name}`))
  add(evidence.integers.count, evidence.integers.count === 1 ? 'integer' : 'integers')
  add(evidence.reals.count, evidence.reals.count === 1 ? 'real' : 'reals')
  add(evidence.texts.count, evidence.texts.count === 1 ? 'text' : 'texts')
  add(evidence.blobs.count, evidence.blobs.count === 1 ? 'blob' : 'blobs')
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

function describeStored(evidence: ColumnEvidence): string {
  if (total(evidence) === 0) return 'no value stored'
  const range =
    evidence.minInteger === undefined || evidence.maxInteger === undefined
      ? ''
      : `, integers from ${evidence.minInteger} to ${evidence.maxInteger}`
  return `${describeClasses(evidence)} stored${range}`
}
