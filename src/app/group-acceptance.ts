import type { Config } from '../config/index.ts'
import type { RunFacts } from '../coordination/facts.ts'
import type { GateView } from './gate-states.ts'
import { foldPull } from './pull-approvals.ts'
import { readChecks } from './read-checks.ts'
import type { Scene } from './scene.ts'

/** Each costs three requests. */
const largestGroup = 50

/**
 * The acceptance gate of a merge-queue group: every pull request that its commit holds is approved at its present head,
 * read afresh. The commit of an entry holds those before it as well. What the queue does not know fails, because a
 * group that waits blocks everyone behind it. Undefined where hive.yml has no acceptance gate in force.
 */
export async function acceptanceOfGroup(
  scene: Scene,
  { config, run }: { readonly config: Config; readonly run: RunFacts },
): Promise<GateView | undefined> {
  const gate = config.gates.find(({ kind, skip }) => kind === 'acceptance' && skip === undefined)
  if (gate === undefined) return undefined
  const decided = (standing: 'pass' | 'fail', summary: string): GateView => ({
    gate: gate.id,
    required: gate.required,
    standing,
    summary: summary.slice(0, 500),
  })
  const base = /^gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]{40}$/.exec(run.headBranch)?.[1]
  const queue = base === undefined ? [] : await scene.reader.mergeQueue(base)
  const last = queue.findLastIndex(({ headSha }) => headSha === run.headSha)
  if (last === -1) return decided('fail', 'the merge queue knows no group of this commit')
  const numbers = queue.slice(0, last + 1).map(({ pull }) => pull)
  if (numbers.length > largestGroup) return decided('fail', `a group holds more than ${largestGroup} pull requests`)
  const refused: string[] = []
  for (const number of numbers) {
    const reason = await whyNotAccepted(scene, { config, number })
    if (reason !== undefined) refused.push(`#${number} ${reason}`)
  }
  const names = numbers.map((number) => `#${number}`).join(', ')
  return refused.length > 0 ? decided('fail', refused.join('; ')) : decided('pass', `${names} approved at their heads`)
}

async function whyNotAccepted(
  scene: Scene,
  { config, number }: { readonly config: Config; readonly number: number },
): Promise<string | undefined> {
  const pull = await scene.reader.pull(number)
  const [timeline, checks] = await Promise.all([scene.reader.timeline(number), readChecks(scene, pull.headSha)])
  const { decision } = await foldPull(scene, { config, pull, timeline, checks, sharedWith: [] })
  return decision?.kind === 'pass' ? undefined : (decision?.summary ?? 'has no acceptance')
}
