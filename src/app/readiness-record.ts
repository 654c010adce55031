import { configHash } from '../config/index.ts'
import type { CheckFacts, PullRequestFacts, RunFacts } from '../coordination/facts.ts'
import { readinessRecordSchema, readRecord, type ReadinessRecord } from '../coordination/records.ts'
import { checkName, ownCheck } from './gate-states.ts'
import type { HeadFacts } from './head-facts.ts'
import type { PullRequestScene } from './pull-approvals.ts'
import type { StatusComment } from './status-comment.ts'

export function ownReadinessRecord(checks: readonly CheckFacts[], app: string): ReadinessRecord | undefined {
  const check = ownCheck(checks, checkName('readiness'), app)
  return check === undefined ? undefined : readRecord(check.text, readinessRecordSchema)
}

/** The record counts only for the pull request and head it was written for. */
export function recordFor(record: ReadinessRecord | undefined, pull: PullRequestFacts): ReadinessRecord | undefined {
  return record?.pull === pull.number && record.head === pull.headSha ? record : undefined
}

/**
 * Since when the comment shows this head. Kept as long as it goes on showing it; a head that comes back after another
 * one begins anew, so that an approval from its first time does not count again.
 */
export function presentedSince(
  pull: PullRequestFacts,
  { comment, record }: { readonly comment: StatusComment | undefined; readonly record: ReadinessRecord | undefined },
): string | undefined {
  return comment?.head === pull.headSha ? recordFor(record, pull)?.presentedAt : undefined
}

/** A run that was only requested has published nothing yet. */
export function publishedOf(
  run: RunFacts | undefined,
  record?: ReadinessRecord,
): { readonly published?: ReadinessRecord['published'] } {
  const published: ReadinessRecord['published'] = run?.completed === true ? [run.id, run.attempt] : record?.published
  return published === undefined ? {} : { published }
}

export function recordOf(
  { config, pull }: PullRequestScene,
  known: {
    readonly facts: HeadFacts
    readonly presentedAt?: string
    readonly pusher?: number
    readonly run?: number
    readonly published?: ReadinessRecord['published']
  },
): ReadinessRecord {
  const { facts, presentedAt, pusher, run, published } = known
  const { commits, contributors, unknown, complete } = facts.changes
  return {
    v: 1,
    kind: 'readiness',
    pull: pull.number,
    baseRef: pull.baseRef,
    configHash: configHash(config),
    head: pull.headSha,
    ...(presentedAt === undefined ? {} : { presentedAt }),
    ...(pusher === undefined ? {} : { pusher }),
    ...(run === undefined ? {} : { run }),
    ...(published === undefined ? {} : { published }),
    changes: { commits, contributors: [...contributors], unknown: unknown.slice(0, 50), complete },
    unaffected: [...facts.unaffected],
    ...(facts.weaker === undefined ? {} : { weaker: { hash: facts.weaker.hash, changes: [...facts.weaker.changes] } }),
  }
}
