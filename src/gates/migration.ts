import type { Finding, Measure } from '../evidence/index.ts'
import { findObjectAcceptance, judgeCount, unusedAcceptances } from './acceptances.ts'
import type { CountedTable, MigrationAcceptances } from './acceptances.ts'
import { countOf } from './judgement.ts'
import { isProofMissing, rehearsalFindings, rehearsalWords, type Rehearsal } from './migration-rehearsal.ts'
import type { Judgement } from './judgement.ts'

/** What copying and proving one database found out. */
export interface DatabaseFacts {
  readonly path: string
  readonly schema: string
  readonly tables: number
  readonly rows: number
  readonly rowsProved: number
  readonly valuesProved: number
  readonly differences: number
  /** The first rows that differ; `differences` is the exact total. */
  readonly differing: readonly { readonly table: string; readonly key: string; readonly column: string }[]
  readonly quarantined: readonly { readonly table: string; readonly count: number }[]
  readonly orphans: readonly {
    readonly table: string
    readonly columns: readonly string[]
    readonly count: number
    readonly exampleKeys: readonly string[]
  }[]
  readonly notCarried: readonly {
    readonly kind: string
    readonly name: string
    readonly reason: string
    readonly suggestion: string
  }[]
  /** Decisions that nobody took; the default that loses nothing was applied. */
  readonly pendingDecisions: readonly { readonly subject: string; readonly message: string; readonly hint: string }[]
  /** Set where the data is not here: rows made up from its profile were copied, and a proof may say the rest. */
  readonly rehearsal?: Rehearsal
}

/**
 * The migration gate: every value of every database proved, and nothing left out that `hive.yml` does not
 * accept by name, count and reason.
 */
export function judgeMigration(databases: readonly DatabaseFacts[], acceptances: MigrationAcceptances): Judgement {
  const findings = [
    ...databases.flatMap((database) => differenceFindings(database)),
    ...databases.flatMap((database) => countFindings(database, acceptances)),
    ...databases.flatMap((database) => objectFindings(database, acceptances)),
    ...databases.flatMap((database) => decisionFindings(database)),
    ...databases.flatMap(rehearsalFindings),
    ...unusedFindings(databases, acceptances),
  ]
  const total = sumOf(databases)
  const here = sumOf(databases.filter((database) => !isProofMissing(database)))
  const unproved = unprovedOf(here)
  const failed = findings.some(({ severity }) => severity === 'error') || unproved > 0 || databases.length === 0
  return {
    verdict: failed ? 'fail' : databases.some(isProofMissing) ? 'undecided' : 'pass',
    summary:
      databases.length === 0 ? 'no database was found, so nothing is proved' : summarise(databases, total, findings),
    measures: measuresOf(databases, total),
    findings,
  }
}

interface Total {
  readonly rows: number
  readonly rowsProved: number
  readonly values: number
  readonly differences: number
  readonly quarantined: number
  readonly orphans: number
  readonly notCarried: number
}

function sumOf(databases: readonly DatabaseFacts[]): Total {
  const sum = (of: (database: DatabaseFacts) => number): number => databases.reduce((total, one) => total + of(one), 0)
  const counts = (list: readonly { readonly count: number }[]): number =>
    list.reduce((total, { count }) => total + count, 0)
  return {
    rows: sum((one) => one.rows),
    rowsProved: sum((one) => one.rowsProved),
    values: sum((one) => one.valuesProved),
    differences: sum((one) => one.differences),
    quarantined: sum((one) => counts(one.quarantined)),
    orphans: sum((one) => counts(one.orphans)),
    notCarried: sum((one) => one.notCarried.length),
  }
}

/** Rows in the quarantine are accounted for there, and are judged by their own acceptances. */
function unprovedOf(total: Total): number {
  return total.rows - total.rowsProved - total.quarantined
}

function summarise(databases: readonly DatabaseFacts[], total: Total, findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const scope = `${countOf(databases.length, 'database')}, ${countOf(total.rows, 'row')}`
  if (total.differences > 0) return `${scope}, ${countOf(total.differences, 'difference')}`
  if (unprovedOf(total) > 0) {
    return `${scope}, ${countOf(unprovedOf(total), 'row')} not proved${rehearsalWords(databases)}`
  }
  const proved = `${scope}, every value proved${rehearsalWords(databases)}`
  if (errors > 0) return `${proved}; ${countOf(errors, 'point')} that hive.yml does not accept`
  const accepted = [
    ...(total.orphans > 0 ? [countOf(total.orphans, 'orphan')] : []),
    ...(total.notCarried > 0 ? [countOf(total.notCarried, 'object')] : []),
    ...(total.quarantined > 0 ? [countOf(total.quarantined, 'quarantined row')] : []),
  ]
  return accepted.length === 0 ? proved : `${proved}; ${accepted.join(', ')} accepted in hive.yml`
}

function measuresOf(databases: readonly DatabaseFacts[], total: Total): Measure[] {
  return [
    { name: 'databases', unit: 'databases', value: databases.length },
    { name: 'rows', unit: 'rows', value: total.rows },
    {
      name: 'rows proved',
      unit: 'rows',
      value: total.rowsProved,
      target: { op: '==', value: total.rows - total.quarantined },
    },
    { name: 'values proved', unit: 'values', value: total.values },
    { name: 'differences', unit: 'values', value: total.differences, target: { op: '==', value: 0 } },
    { name: 'rows quarantined', unit: 'rows', value: total.quarantined },
    { name: 'orphans kept', unit: 'rows', value: total.orphans },
    { name: 'objects not carried over', unit: 'objects', value: total.notCarried },
  ]
}

function differenceFindings({ path, schema, differing, differences }: DatabaseFacts): Finding[] {
  const named = differing.slice(0, 20).map(({ table, key, column }): Finding => ({
    code: 'MIGRATION_VALUE_DIFFERS',
    severity: 'error',
    message: `${schema}.${table}, key ${key}, column ${column}: PostgreSQL holds another value than SQLite`,
    hint: 'copy again; if it stays, something writes to the target',
    location: { path },
  }))
  const rest = differences - named.length
  if (rest <= 0) return named
  const message = `${schema}: ${countOf(rest, 'more difference')}, listed in migration/verify.json`
  return [...named, { code: 'MIGRATION_VALUE_DIFFERS', severity: 'error', message, location: { path } }]
}

function countFindings(database: DatabaseFacts, acceptances: MigrationAcceptances): Finding[] {
  const { path } = database
  const judge = (
    found: CountedTable,
    list: MigrationAcceptances['orphans'],
    noun: 'orphan' | 'quarantined row',
  ): Finding[] => {
    if (found.count === 0) return []
    const judged = judgeCount(found, list, noun)
    if (judged.kind === 'accepted') return []
    const section = noun === 'orphan' ? 'orphans' : 'quarantined'
    return [
      {
        code: noun === 'orphan' ? 'MIGRATION_ORPHANS' : 'MIGRATION_QUARANTINED',
        severity: 'error',
        message: judged.why,
        hint: `repair the data, or accept them under migration.accept.${section} with table, count and reason`,
        location: { path },
      },
    ]
  }
  return [
    ...countedOrphans(database).flatMap((found) => judge(found, acceptances.orphans, 'orphan')),
    ...countedQuarantine(database).flatMap((found) => judge(found, acceptances.quarantined, 'quarantined row')),
  ]
}

function objectFindings({ path, schema, notCarried }: DatabaseFacts, acceptances: MigrationAcceptances): Finding[] {
  return notCarried
    .filter(({ name }) => findObjectAcceptance({ schema, name }, acceptances.notCarried) === undefined)
    .map(({ kind, name, reason, suggestion }) => ({
      code: 'MIGRATION_NOT_CARRIED',
      severity: 'error',
      message: `${kind} ${schema}.${name} was not carried over: ${reason}`,
      hint: `${suggestion}; or accept it under migration.accept.notCarried with a reason`,
      location: { path },
    }))
}

function decisionFindings({ path, pendingDecisions }: DatabaseFacts): Finding[] {
  return pendingDecisions.map(({ subject, message, hint }) => ({
    code: 'MIGRATION_DECISION_PENDING',
    severity: 'error',
    message: `${subject}: ${message}`,
    hint,
    location: { path },
  }))
}

function unusedFindings(databases: readonly DatabaseFacts[], acceptances: MigrationAcceptances): Finding[] {
  const found = {
    orphans: databases.flatMap((database) => countedOrphans(database)),
    quarantined: databases.flatMap((database) => countedQuarantine(database)),
    notCarried: databases.flatMap(({ schema, notCarried }) => notCarried.map(({ name }) => ({ schema, name }))),
  }
  return unusedAcceptances(acceptances, found).map((name) => ({
    code: 'MIGRATION_ACCEPTANCE_UNUSED',
    severity: 'warning',
    message: `hive.yml accepts something of ${name} that is not there`,
    hint: 'remove the acceptance, or correct its name',
    location: { path: 'hive.yml' },
  }))
}

function countedOrphans({ schema, orphans }: DatabaseFacts): CountedTable[] {
  return orphans.map(({ table, columns, count }) => ({ schema, table, columns, count }))
}

function countedQuarantine({ schema, quarantined }: DatabaseFacts): CountedTable[] {
  return quarantined.map(({ table, count }) => ({ schema, table, count }))
}
