import type { TimelineFacts } from '../coordination/facts.ts'
import { readChecks } from './read-checks.ts'
import { ownLogin, type Scene } from './scene.ts'
import type { PullRequestScene } from './pull-approvals.ts'
import { settleOnce, type Settled } from './settle.ts'

/** Somebody who comments all the time is answered by the event of the next comment. */
const rounds = 3

/**
 * Brings Checks and comment of a pull request to what its comments, Checks and policy say. The same facts write
 * nothing the second time, whoever asks: a published run, a comment, or the schedule.
 *
 * Two runs at once need no lock: one that made the head ready reads the comments once more, because a `/hold` may have
 * been folded by the other before this one wrote. A run that gave nothing can have overlooked nothing that matters.
 */
export async function settlePullRequest(scene: Scene, input: PullRequestScene): Promise<Settled> {
  let settled = await settleOnce(scene, input)
  let seen = input
  for (let round = 0; round < rounds && settled.changed && settled.readiness.kind === 'ready'; round += 1) {
    const timeline = await scene.reader.timeline(seen.pull.number)
    if (tailOf(timeline, scene) === tailOf(seen.timeline, scene)) break
    const { fresh: _published, ...rest } = seen
    seen = { ...rest, timeline, checks: await readChecks(scene, seen.pull.headSha) }
    settled = { ...(await settleOnce(scene, seen)), changed: true }
  }
  return settled
}

/** What can change a decision: every comment that is not our own, in its present version, and what happened besides. */
function tailOf({ comments, deletedAt, baseChangedAt }: TimelineFacts, scene: Scene): string {
  const others = comments.filter(({ author }) => author?.login !== ownLogin(scene))
  return JSON.stringify([others.map(({ id, updatedAt, body }) => [id, updatedAt, body]), deletedAt, baseChangedAt])
}
