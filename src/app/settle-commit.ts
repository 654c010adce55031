import { configHash, type Config } from '../config/index.ts'
import type { CheckFacts, RunFacts } from '../coordination/facts.ts'
import { decideReadiness, type Readiness } from '../coordination/readiness.ts'
import { planCheckWrites, writeChecks } from './check-writes.ts'
import type { PublishedGates } from './gate-checks.ts'
import { acceptanceOfGroup } from './group-acceptance.ts'
import { asOneCheck } from './one-check.ts'
import { readinessCheck } from './readiness-check.ts'
import { ownReadinessRecord, publishedOf } from './readiness-record.ts'
import type { Scene } from './scene.ts'

/**
 * A commit without a pull request: gates and readiness. A group of the merge queue needs acceptance of everything in
 * it; on the default branch it was decided before the merge.
 */
export async function settleCommit(
  scene: Scene,
  {
    config,
    run,
    checks,
    gates,
  }: {
    readonly config: Config
    readonly run: RunFacts
    readonly checks: readonly CheckFacts[]
    readonly gates: PublishedGates
  },
): Promise<{ readonly readiness: Readiness; readonly changed: boolean }> {
  const acceptance = run.event === 'merge_group' ? await acceptanceOfGroup(scene, { config, run }) : undefined
  const views = acceptance === undefined ? gates.views : [...gates.views, acceptance]
  const readiness = decideReadiness(views)
  const record = {
    v: 1 as const,
    kind: 'readiness' as const,
    configHash: configHash(config),
    head: run.headSha,
    run: run.id,
    ...publishedOf(run, ownReadinessRecord(checks, scene.app)),
  }
  const desired = [...gates.desired, readinessCheck(readiness, { gates: views, record, notes: [] })]
  const wanted = config.publish.checks === 'one' ? asOneCheck(desired, checks) : desired
  const writes = planCheckWrites(checks, wanted, scene.app)
  await writeChecks(scene.writer, run.headSha, writes)
  return { readiness, changed: writes.length > 0 }
}
