import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sha256, type Clock, type ExitCode, type Verdict } from '../core/index.ts'
import { startPostgres } from '../environment/index.ts'
import type { MigrationDocument } from '../evidence/index.ts'
import {
  copySnapshots,
  decisionsHeader,
  describeTarget,
  inspectSnapshots,
  orphansOf,
  planMigration,
  renderDecisions,
  showPlainly,
  takeSnapshots,
  undoCopy,
  verifySnapshots,
  type CopyDocument,
  type Decisions,
  type MigrationPlan,
  type PendingDecision,
  type PlanDocument,
  type SchemaObject,
  type VerifyDocument,
  type Snapshot,
} from '../migration/index.ts'
import { renderDbCheckHtml, type DbCheckModel } from '../report/index.ts'
import { readDecisions, sourcesOf, withWorkFolder, type DbRequest } from './db-work.ts'

export interface CheckRequest extends DbRequest {
  /** Folder for decisions file and report. */
  readonly out: string
  readonly clock: Clock
}

/** What going down and up again proved. */
export interface Rollback {
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

const decisionsName = 'hive-decisions.yml'
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
    const located = specs.map((spec) => ({ ...spec, path: resolve(request.cwd, spec.path) }))
    const taken = await takeSnapshots(located, { workFolder, signal, progress })
    const snapshots = taken.map((snapshot, index) => ({ ...snapshot, source: specs[index]?.path ?? snapshot.source }))
    const inventories = await inspectSnapshots(snapshots, { signal, progress })
    const plan = planMigration(inventories, { sources: located, decisions: decided.decisions })
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
      sources: specs.map(({ path }) => path),
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
      next: `npx agent-hive db copy ${specs.map(({ path }) => shellWord(path)).join(' ')} --to postgresql://…${
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

/** What was decided: the named file, else the one that an earlier check left and somebody may have filled in. */
async function decisionsFor(request: CheckRequest): Promise<{ readonly decisions: Decisions; readonly path?: string }> {
  const earlier = join(request.out, decisionsName)
  if (request.decisions !== undefined) {
    return { decisions: await readDecisions(request.decisions, request.cwd), path: request.decisions }
  }
  const text = await readFile(resolve(request.cwd, earlier), 'utf8').catch(() => undefined)
  return text === undefined
    ? { decisions: {} }
    : { decisions: await readDecisions(earlier, request.cwd), path: earlier }
}

interface WrittenDecisions {
  readonly path?: string
  readonly wrote: readonly string[]
  readonly notes: readonly string[]
}

/** Proposes what is open. A file that somebody edited stays, and the new proposal goes beside it. */
async function writeDecisions(
  request: CheckRequest,
  content: { readonly decisions: Decisions; readonly pending: readonly PendingDecision[] },
): Promise<WrittenDecisions> {
  if (content.pending.length === 0) return { wrote: [], notes: [] }
  const path = join(request.out, decisionsName)
  const text = sealed(renderDecisions(content.decisions, content.pending))
  const present = await readFile(resolve(request.cwd, path), 'utf8').catch(() => undefined)
  if (present === text) return { path, wrote: [], notes: [] }
  if (present === undefined || isUntouched(present)) {
    await writeFile(resolve(request.cwd, path), text)
    return { path, wrote: [path], notes: [] }
  }
  const beside = join(request.out, 'hive-decisions.proposed.yml')
  await writeFile(resolve(request.cwd, beside), text)
  return {
    path,
    wrote: [beside],
    notes: [`${path} was edited and is left as it is; what is still open is in ${beside}`],
  }
}

const sealStart = `${decisionsHeader} · `

/** The first line carries a hash of the rest, so that an edited file is known and never overwritten. */
function sealed(text: string): string {
  const rest = text.slice(text.indexOf('\n') + 1)
  return `${sealStart}${sha256(rest).slice(0, 16)}\n${rest}`
}

function isUntouched(text: string): boolean {
  return text.startsWith(sealStart) && sealed(text) === text
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
