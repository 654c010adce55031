import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sha256, type Clock, type ExitCode, type Verdict } from '../core/index.ts'
import { startPostgres } from '../environment/index.ts'
import type { MigrationDocument } from '../evidence/index.ts'
import {
  copySnapshots,
  describeTarget,
  inspectSnapshots,
  orphansOf,
  planMigration,
  showPlainly,
  takeSnapshots,
  undoCopy,
  verifySnapshots,
  type CopyDocument,
  type MigrationPlan,
  type PendingDecision,
  type PlanDocument,
  type SchemaObject,
  type VerifyDocument,
  type Snapshot,
} from '../migration/index.ts'
import { renderDbCheckHtml, renderDbCheckTerminal, type DbCheckModel, type TerminalTraits } from '../report/index.ts'
import { decisionsFor, decisionsName, writeDecisions } from './db-decisions.ts'
import { namedAsGiven, sourcesOf, type DbRequest } from './db-work.ts'
import { withWorkFolder } from './work-folder.ts'

export interface CheckRequest extends DbRequest {
  /** Folder for decisions file and report. */
  readonly out: string
  readonly clock: Clock
}

/** What going down and up again proved. */
interface Rollback {
  /** What was left after down, by kind and name. */
  readonly leftovers: readonly string[]
  readonly sameSchema: boolean
  readonly sameDigests: boolean
}

export interface CheckOutcome {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  readonly plan: PlanDocument
  readonly copy: CopyDocument
  readonly verify: VerifyDocument
  readonly rollback: Rollback
  readonly pending: readonly PendingDecision[]
  /** For the reports. */
  readonly model: DbCheckModel
  /** Said beside the result: where a file of the user's was left alone. */
  readonly notes: readonly string[]
}

const reportName = 'hive-report.html'

/**
 * `hive db check`: copies and proves all sources on a private server, takes everything down, and does it again.
 * Exit 1 where a row would not arrive or down leaves something, 3 where only decisions are open.
 */
export async function checkSources(request: CheckRequest): Promise<CheckOutcome> {
  const { signal, progress, clock } = request
  const startedAt = clock.now().toISOString()
  const begun = clock.monotonicMs()
  const specs = sourcesOf(request)
  const decided = await decisionsFor(request)
  return withWorkFolder(async (workFolder) => {
    const taken = await takeSnapshots(specs, { workFolder, signal, progress })
    const snapshots = namedAsGiven(taken, request)
    const inventories = await inspectSnapshots(snapshots, { signal, progress })
    const plan = planMigration(inventories, { sources: specs, decisions: decided.decisions })
    await using server = await startPostgres({ env: request.env, signal, progress })
    await using scratch = await server.createDatabase('check')
    const run = { plan, snapshots, target: scratch.url, request }
    const proofBegun = clock.monotonicMs()
    const first = await upAndProve(run)
    const proofMs = clock.monotonicMs() - proofBegun
    progress({ step: 'down' })
    await undoCopy(plan, { target: scratch.url, signal })
    const left = await describeTarget(scratch.url, { schemas: first.schemas, signal })
    const leftovers = [
      ...left.objects.map(({ kind, schema, name }) => `${kind} ${schema}.${name}`),
      ...left.schemas.filter((schema) => schema !== 'public').map((schema) => `schema ${schema}`),
    ]
    const second = await upAndProve(run)
    const rollback: Rollback = {
      leftovers,
      sameSchema: JSON.stringify(first.objects) === JSON.stringify(second.objects),
      sameDigests: JSON.stringify(digestsOf(first.verify)) === JSON.stringify(digestsOf(second.verify)),
    }
    const verdict = verdictOf({ plan, copy: first.copy, verified: [first.verify, second.verify], rollback })
    const files = await writeDecisions(request, { decisions: decided.decisions, pending: plan.pending })
    const isOpen = plan.pending.length > 0 || decided.path !== undefined
    const model: DbCheckModel = {
      verdict,
      sources: request.sources,
      startedAt,
      durationMs: clock.monotonicMs() - begun,
      snapshot: {
        bytes: inventories.reduce((sum, { bytes }) => sum + bytes, 0),
        tables: inventories.reduce((sum, { tables }) => sum + tables.length, 0),
        rows: inventories.reduce((sum, { tables }) => sum + tables.reduce((all, { rows }) => all + rows, 0), 0),
      },
      server: `PostgreSQL ${server.version}, ${server.origin === 'given' ? 'given' : 'private'}, temporary`,
      proof: {
        rows: inventories.reduce((sum, { tables }) => sum + tables.reduce((all, { rows }) => all + rows, 0), 0),
        rowsProved: Object.values(first.proved).reduce((sum, { rows }) => sum + rows, 0),
        durationMs: proofMs,
      },
      decisions: plan.pending.map(({ key, problem, options, default: meanwhile, kind, table, columns }) => ({
        subject: kind === 'time-zone' ? `${table}.${columns.join(', ')}` : key,
        problem,
        options,
        meanwhile,
      })),
      notCarried: [...brokenRollback(rollback), ...plan.document.sources.flatMap(({ notCarried }) => notCarried)],
      databases: migrationDocument(plan, { verify: first.verify, proved: first.proved, proofMs }),
      wrote: [...files.wrote, join(request.out, reportName)],
      next: `npx agent-hive db copy ${request.sources.map(shellWord).join(' ')} --to postgresql://…${
        isOpen ? ` --decisions ${shellWord(files.path ?? decided.path ?? decisionsName)}` : ''
      }`,
    }
    await writeFile(resolve(request.cwd, request.out, reportName), renderDbCheckHtml(model))
    return {
      verdict,
      exitCode: verdict === 'pass' ? 0 : verdict === 'fail' ? 1 : 3,
      plan: plan.document,
      copy: first.copy,
      verify: first.verify,
      rollback,
      pending: plan.pending,
      model,
      notes: files.notes,
    }
  })
}

/** The outcome as lines for a terminal. */
export function renderCheck({ model }: CheckOutcome, traits: TerminalTraits): readonly string[] {
  return renderDbCheckTerminal(model, traits).split('\n')
}

interface Run {
  readonly plan: MigrationPlan
  readonly snapshots: readonly Snapshot[]
  readonly target: string
  readonly request: CheckRequest
}

async function upAndProve(run: Run): Promise<{
  readonly copy: CopyDocument
  readonly verify: VerifyDocument
  readonly proved: Readonly<Record<string, { readonly rows: number; readonly values: number }>>
  readonly objects: readonly SchemaObject[]
  readonly schemas: readonly string[]
}> {
  const { plan, snapshots, target } = run
  const { signal, progress } = run.request
  const copy = await copySnapshots(plan, { snapshots, target, signal, progress })
  const own = plan.document.sources.map(({ schema }) => schema)
  const { document, proved } = await verifySnapshots({
    snapshots,
    schemas: own,
    target,
    show: showPlainly,
    signal,
    progress,
  })
  const schemas = [...own, 'hive']
  const { objects } = await describeTarget(target, { schemas, signal })
  return { copy, verify: document, proved, objects, schemas }
}

function digestsOf(verify: VerifyDocument): readonly string[] {
  return verify.sources.flatMap(({ schema, tables }) => tables.map(({ name, digest }) => `${schema}.${name} ${digest}`))
}

function verdictOf(facts: {
  readonly plan: MigrationPlan
  readonly copy: CopyDocument
  readonly verified: readonly VerifyDocument[]
  readonly rollback: Rollback
}): Verdict {
  const { rollback } = facts
  const isProved = facts.copy.verdict === 'pass' && facts.verified.every(({ verdict }) => verdict === 'pass')
  const isUndone = rollback.leftovers.length === 0 && rollback.sameSchema && rollback.sameDigests
  if (!isProved || !isUndone) return 'fail'
  return facts.plan.pending.length > 0 ? 'undecided' : 'pass'
}

function brokenRollback(rollback: Rollback): DbCheckModel['notCarried'] {
  const entry = (name: string, reason: string): DbCheckModel['notCarried'][number] => ({
    kind: 'rollback',
    name,
    reason,
    suggestion: 'report it as a defect of Agent Hive',
  })
  return [
    ...rollback.leftovers.map((name) => entry(name, 'was left behind by down')),
    ...(rollback.sameSchema ? [] : [entry('schema', 'differs after down and up')]),
    ...(rollback.sameDigests ? [] : [entry('rows', 'differ after down and up')]),
  ]
}

function migrationDocument(
  plan: MigrationPlan,
  facts: {
    readonly verify: VerifyDocument
    readonly proved: Readonly<Record<string, { readonly rows: number; readonly values: number }>>
    readonly proofMs: number
  },
): MigrationDocument {
  const rowsOf = ({ inventory }: MigrationPlan['sources'][number]): number =>
    inventory.tables.reduce((total, { rows }) => total + rows, 0)
  const allRows = plan.sources.reduce((total, source) => total + rowsOf(source), 0)
  return {
    schemaVersion: 1,
    databases: plan.sources.map((source, index) => {
      const { document, inventory } = source
      const tables = facts.verify.sources[index]?.tables ?? []
      const sum = (pick: (table: (typeof tables)[number]) => number): number =>
        tables.reduce((total, table) => total + pick(table), 0)
      return {
        path: document.path,
        schema: document.schema,
        bytes: inventory.bytes,
        tables: inventory.tables.length,
        rows: rowsOf(source),
        rowsProved: facts.proved[document.schema]?.rows ?? 0,
        valuesProved: facts.proved[document.schema]?.values ?? 0,
        rowsQuarantined: sum(({ rowsQuarantined }) => rowsQuarantined),
        differences: sum(({ differences }) => differences),
        orphans: orphansOf(inventory).reduce((total, { count }) => total + count, 0),
        notCarried: document.notCarried.length,
        // One transaction holds all sources: each is given the share of its rows.
        durationMs: allRows === 0 ? 0 : (facts.proofMs * rowsOf(source)) / allRows,
        digest: sha256(
          tables
            .map(({ name, digest }) => `${name} ${digest}`)
            .toSorted()
            .join('\n'),
        ),
      }
    }),
  }
}

function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
