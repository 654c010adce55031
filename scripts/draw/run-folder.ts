import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  evidenceBundleSchema,
  evidenceSchema,
  loadDocumentSchema,
  migrationDocumentSchema,
} from '../../src/evidence/index.ts'
import type { Evidence, LoadDocument, MigrationDocument } from '../../src/evidence/index.ts'
import type { GateReport } from '../../src/report/index.ts'

/**
 * The report of a finished run, put together again from the documents in its folder. They are known by their shape
 * and not by their names, so that an `--out` folder or an unpacked artifact does as well.
 */
export async function readRun(folder: string, project: string): Promise<GateReport> {
  const results = new Map<string, Evidence>()
  const parts: { load?: LoadDocument; migration?: MigrationDocument } = {}
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).toSorted()
  for (const name of names) {
    const document: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
    const result = evidenceSchema.safeParse(document)
    if (result.success) results.set(result.data.gate, result.data)
    for (const bundled of evidenceBundleSchema.safeParse(document).data?.results ?? [])
      results.set(bundled.gate, bundled)
    const load = loadDocumentSchema.safeParse(document)
    if (load.success) parts.load = load.data
    const migration = migrationDocumentSchema.safeParse(document)
    if (migration.success) parts.migration = migration.data
  }
  const ordered = [...results.values()].toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
  const [first] = ordered
  if (first === undefined)
    throw new Error(`could not read a run: ${folder} has no evidence, wanted at least one document`)
  return {
    project,
    ...(first.commit === undefined ? {} : { commit: first.commit }),
    ...(first.baseRef === undefined ? {} : { baseRef: first.baseRef }),
    ...(first.baseCommit === undefined ? {} : { baseCommit: first.baseCommit }),
    dirty: first.testedTree === 'dirty',
    startedAt: first.startedAt,
    results: ordered,
    listedOnly: results.has('acceptance') ? [] : [{ gate: 'acceptance', note: '/approve by the Product Agent' }],
    ...parts,
    runFolder: folder,
    nextSteps: ['push, and ask the Product Agent for `/approve`'],
  }
}
