import type { CheckFacts } from '../coordination/facts.ts'
import { hashOf } from '../core/json.ts'
import type { CheckContent, GitHubWriter } from '../github/writer.ts'
import { ownCheck } from './gate-states.ts'

/** A Check as it should stand on a commit. */
export interface DesiredCheck extends Omit<CheckContent, 'externalId'> {
  /** Of another run than the one that stands there: a new Check, because GitHub keeps adding annotations to an old one. */
  readonly renew: boolean
}

export interface CheckWrite {
  readonly content: CheckContent
  /** Absent: create. */
  readonly id?: number
  /** The Check passed before and will not any more. */
  readonly takesPass: boolean
}

/**
 * The writes that turn what stands there into what should. Those that take a pass away come first, so that a run
 * that ends half-way leaves nothing green that should not be.
 */
export function planCheckWrites(
  existing: readonly CheckFacts[],
  desired: readonly DesiredCheck[],
  ownApp: string,
): readonly CheckWrite[] {
  const writes = desired.flatMap((check): CheckWrite[] => {
    const { renew, ...rest } = check
    const content = { ...rest, externalId: externalIdOf(check) }
    const known = ownCheck(existing, check.name, ownApp)
    // A part of another Check is none that could be updated.
    const standing = known === undefined || known.id < 0 ? undefined : known
    if (standing !== undefined && isSame(standing, content)) return []
    const passed = standing?.conclusion === 'success' || standing?.conclusion === 'skipped'
    const passes = check.conclusion === 'success' || check.conclusion === 'skipped'
    // A completed Check is not put back in progress: a new one of the same name takes its place.
    const reopens = standing?.completed === true && check.conclusion === undefined
    const update = standing !== undefined && !renew && !reopens
    return [{ content, ...(update ? { id: standing.id } : {}), takesPass: passed && !passes }]
  })
  return [...writes.filter(({ takesPass }) => takesPass), ...writes.filter(({ takesPass }) => !takesPass)]
}

export async function writeChecks(
  writer: Pick<GitHubWriter, 'createCheck' | 'updateCheck'>,
  headSha: string,
  writes: readonly CheckWrite[],
): Promise<void> {
  for (const { content, id } of writes) {
    if (id === undefined) await writer.createCheck(headSha, content)
    else await writer.updateCheck(id, content)
  }
}

/** Equal contents have equal ids, so that a repeated event is known without comparing what GitHub made of the text. */
function externalIdOf({ renew: _renew, ...content }: DesiredCheck): string {
  return `hive:1:${hashOf(content).slice(0, 24)}`
}

function isSame(check: CheckFacts, content: CheckContent): boolean {
  return (
    check.externalId === content.externalId &&
    check.title === content.title &&
    check.completed === (content.conclusion !== undefined) &&
    check.conclusion === content.conclusion
  )
}
