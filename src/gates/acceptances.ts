import { countOf } from './judgement.ts'

/** What `hive.yml` accepts of one table or object, with the reason that is shown. */
export interface CountAcceptance {
  readonly table: string
  readonly columns?: readonly string[]
  readonly count?: number
  readonly atMost?: number
  readonly reason: string
}

export interface ObjectAcceptance {
  readonly object: string
  readonly reason: string
}

export interface MigrationAcceptances {
  readonly orphans: readonly CountAcceptance[]
  readonly quarantined: readonly CountAcceptance[]
  readonly notCarried: readonly ObjectAcceptance[]
}

export interface CountedTable {
  readonly schema: string
  readonly table: string
  readonly columns?: readonly string[]
  readonly count: number
}

export type Acceptance =
  | { readonly kind: 'accepted'; readonly reason: string }
  | { readonly kind: 'refused'; readonly why: string; readonly key: string }

/**
 * Decides whether the count found in a table is the one that was accepted. An exact count is exact in both
 * directions: fewer than accepted means that the acceptance no longer describes the data.
 */
export function judgeCount(found: CountedTable, acceptances: readonly CountAcceptance[], noun: string): Acceptance {
  const key = `${found.schema}.${found.table}${found.columns === undefined ? '' : ` (${found.columns.join(', ')})`}`
  const acceptance = acceptances.find((candidate) => namesTable(candidate, found))
  const plain = `${countOf(found.count, noun)} in ${key}`
  if (acceptance === undefined) return { kind: 'refused', key, why: `${plain}, none accepted in hive.yml` }
  const { count, atMost, reason } = acceptance
  if (count !== undefined && count !== found.count) {
    return { kind: 'refused', key, why: `${plain}, exactly ${count.toLocaleString('en-US')} accepted in hive.yml` }
  }
  if (atMost !== undefined && found.count > atMost) {
    return { kind: 'refused', key, why: `${plain}, at most ${atMost.toLocaleString('en-US')} accepted in hive.yml` }
  }
  if (count === undefined && atMost === undefined) {
    return { kind: 'refused', key, why: `${plain}, and the acceptance in hive.yml names no count` }
  }
  return { kind: 'accepted', reason }
}

/** The acceptance of an object that could not be carried over, if there is one. */
export function findObjectAcceptance(
  object: { readonly schema: string; readonly name: string },
  acceptances: readonly ObjectAcceptance[],
): ObjectAcceptance | undefined {
  return acceptances.find(({ object: named }) => named === `${object.schema}.${object.name}` || named === object.name)
}

/** Acceptances that describe nothing that was found: left over, or misspelt. */
export function unusedAcceptances(
  acceptances: MigrationAcceptances,
  found: {
    readonly orphans: readonly CountedTable[]
    readonly quarantined: readonly CountedTable[]
    readonly notCarried: readonly { readonly schema: string; readonly name: string }[]
  },
): string[] {
  const counted = (list: readonly CountAcceptance[], tables: readonly CountedTable[]): string[] =>
    list
      .filter((entry) => entry.count !== 0 && !tables.some((table) => namesTable(entry, table)))
      .map(({ table }) => table)
  return [
    ...counted(acceptances.orphans, found.orphans),
    ...counted(acceptances.quarantined, found.quarantined),
    ...acceptances.notCarried
      .filter((entry) => !found.notCarried.some((object) => findObjectAcceptance(object, [entry]) !== undefined))
      .map(({ object }) => object),
  ]
}

function namesTable(acceptance: CountAcceptance, found: CountedTable): boolean {
  if (acceptance.table !== `${found.schema}.${found.table}` && acceptance.table !== found.table) return false
  if (acceptance.columns === undefined || found.columns === undefined) return true
  return acceptance.columns.join('\n') === found.columns.join('\n')
}
