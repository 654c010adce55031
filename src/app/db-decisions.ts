import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sha256 } from '../core/index.ts'
import { decisionsHeader, renderDecisions, type Decisions, type PendingDecision } from '../migration/index.ts'
import { readDecisions, type DbRequest } from './db-work.ts'

export const decisionsName = 'hive-decisions.yml'

/** What was decided: the named file, else the one that an earlier check left and somebody may have filled in. */
export async function decisionsFor(
  request: DbRequest & { readonly out: string },
): Promise<{ readonly decisions: Decisions; readonly path?: string }> {
  const earlier = join(request.out, decisionsName)
  if (request.decisions !== undefined) {
    return { decisions: await readDecisions(request.decisions, request.cwd), path: request.decisions }
  }
  const text = await readFile(resolve(request.cwd, earlier), 'utf8').catch(() => undefined)
  return text === undefined
    ? { decisions: {} }
    : { decisions: await readDecisions(earlier, request.cwd), path: earlier }
}

export interface WrittenDecisions {
  readonly path?: string
  readonly wrote: readonly string[]
  readonly notes: readonly string[]
}

/** Proposes what is open. A file that somebody edited stays, and the new proposal goes beside it. */
export async function writeDecisions(
  request: DbRequest & { readonly out: string },
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
