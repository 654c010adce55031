import { quoted } from './issue.ts'
import type { ValuePath } from './issue.ts'
import { reportRepeats, zoneRule } from './report.ts'
import type { Report } from './report.ts'
import type { ConfigInput } from './schema.ts'

type MigrationInput = NonNullable<ConfigInput['migration']>
type AcceptInput = NonNullable<MigrationInput['accept']>

export function migrationRules({ migration }: ConfigInput, report: Report): void {
  if (migration === undefined) return
  sourceRules(migration.sources, report)
  zoneRule(migration.decisions?.timeZone, ['migration', 'decisions', 'timeZone'], report)
  const { orphans = [], quarantined = [], notCarried = [] } = migration.accept ?? {}
  amountRules(orphans, ['migration', 'accept', 'orphans'], report)
  amountRules(quarantined, ['migration', 'accept', 'quarantined'], report)
  reportRepeats(orphans.map(orphanKey), report, (index) => ['migration', 'accept', 'orphans', index])
  reportRepeats(
    quarantined.map(({ table }) => table),
    report,
    (index) => ['migration', 'accept', 'quarantined', index, 'table'],
  )
  reportRepeats(
    notCarried.map(({ object }) => object),
    report,
    (index) => ['migration', 'accept', 'notCarried', index, 'object'],
  )
}

function sourceRules(sources: MigrationInput['sources'], report: Report): void {
  const at = (index: number): ValuePath => ['migration', 'sources', index]
  if (sources.length === 0) report(['migration', 'sources'], 'found an empty list, wanted at least one database')
  reportRepeats(
    sources.map((source) => (typeof source === 'string' ? source : (source.path ?? source.profile ?? ''))),
    report,
    at,
  )
  const schemas = new Set<string>()
  for (const [index, source] of sources.entries()) {
    if (typeof source === 'string') continue
    profileRules(source, (key, problem) => report(key === undefined ? at(index) : [...at(index), key], problem))
    if (source.schema === undefined) continue
    const { path = '', schema } = source
    if (/^(hive|information_schema|pg_.*)$/.test(schema)) {
      report([...at(index), 'schema'], `found the schema ${schema}, which is taken, wanted another name`)
    }
    if (/[*?[{]/.test(path)) {
      report([...at(index), 'schema'], `found one schema for the pattern ${quoted(path)}, wanted one schema a database`)
    }
    if (schemas.has(schema)) report([...at(index), 'schema'], `found ${schema} twice, wanted one schema a database`)
    schemas.add(schema)
  }
}

type SourceMapping = Exclude<MigrationInput['sources'][number], string>

function profileRules(source: SourceMapping, report: (key: string | undefined, problem: string) => void): void {
  const { path, profile, proof, signer } = source
  if (path === undefined && profile === undefined)
    report(undefined, 'found neither path nor profile, wanted one of them')
  if (path !== undefined && profile !== undefined) report('profile', 'found path and profile, wanted one of them')
  if (profile !== undefined && /[*?[{]/.test(profile)) {
    report('profile', `found the pattern ${quoted(profile)}, wanted the path of one profile`)
  }
  if (proof !== undefined && profile === undefined) report('proof', 'found a proof without a profile, wanted both')
  if (signer !== undefined && profile === undefined) report('signer', 'found a signer without a profile, wanted both')
}

function orphanKey({ table, columns = [] }: NonNullable<AcceptInput['orphans']>[number]): string {
  return columns.length === 0 ? table : `${table} (${columns.join(', ')})`
}

function amountRules(
  entries: readonly { readonly count?: number; readonly atMost?: number }[],
  path: ValuePath,
  report: Report,
): void {
  for (const [index, { count, atMost }] of entries.entries()) {
    if (count !== undefined && atMost !== undefined)
      report([...path, index, 'atMost'], 'found count and atMost, wanted one of them')
    if (count === undefined && atMost === undefined)
      report([...path, index], 'found neither count nor atMost, wanted one of them')
  }
}
