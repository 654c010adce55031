import { configHash, type Config, type GateConfig } from '../config/index.ts'
import { canonicalJson, hashOf } from '../core/json.ts'

export interface WeakerDefinitions {
  /** Twelve digits that an admin quotes in `/accept-policy`. */
  readonly hash: string
  /** What differs, one line each. */
  readonly changes: readonly string[]
}

export interface HeadDefinitions {
  readonly base: Config
  /** Absent where the head has no hive.yml that can be read. */
  readonly head?: Config
  readonly headSha: string
  /** Files that define what runs, and that the pull request changes: the workflow, the Action. */
  readonly changedWorkflows: readonly string[]
}

/**
 * What the head's definition of the gates proves less than that of the default branch, or undefined. A changed
 * command counts, because nobody can see from outside whether `npm test` still tests.
 */
export function weakerDefinitions({
  base,
  head,
  headSha,
  changedWorkflows,
}: HeadDefinitions): WeakerDefinitions | undefined {
  const changes = [
    ...(head === undefined ? ['hive.yml is missing or invalid in this head'] : gateChanges(base, head)),
    ...changedWorkflows.map((path) => `${path} is changed by this pull request`),
  ]
  if (changes.length === 0) return undefined
  // A workflow can change again without a word in hive.yml: then the acceptance is for one commit.
  const identity = [head === undefined ? '' : configHash(head), changes, changedWorkflows.length > 0 ? headSha : '']
  return { hash: hashOf(identity).slice(0, 12), changes: changes.slice(0, 30) }
}

function gateChanges(base: Config, head: Config): string[] {
  const changes = base.gates.flatMap((gate) => {
    if (gate.skip !== undefined || gate.kind === 'acceptance') return []
    const other = head.gates.find(({ id }) => id === gate.id)
    return other === undefined
      ? [`${gate.id}: removed`]
      : changesOf(gate, other).map((change) => `${gate.id}: ${change}`)
  })
  const migrates = base.gates.some(({ kind, skip }) => kind === 'migration' && skip === undefined)
  return migrates && differ(base.migration, head.migration)
    ? [...changes, 'migration: sources, decisions or acceptances differ']
    : changes
}

function changesOf(base: GateConfig, head: GateConfig): string[] {
  const changes: string[] = []
  if (head.skip !== undefined) changes.push(`skipped (${head.skip.reason})`)
  if (base.required && !head.required) changes.push('no longer required')
  if (base.when !== head.when) changes.push(`runs at ${head.when}, was ${base.when}`)
  if (differ(base.paths, head.paths)) changes.push('other paths')
  if (base.kind !== head.kind) changes.push(`measured by ${head.kind}, was ${base.kind}`)
  if (base.kind === 'performance' && head.kind === 'performance') {
    const [was, now] = [base.targets, head.targets]
    if (now.p95WriteMs > was.p95WriteMs) changes.push(`target p95 write ${now.p95WriteMs} ms, was ${was.p95WriteMs} ms`)
    if (now.deliveredPerS < was.deliveredPerS) {
      changes.push(`target ${now.deliveredPerS} messages/s, was ${was.deliveredPerS} messages/s`)
    }
    if (differ(base.load, head.load)) changes.push('another load')
  }
  if (base.kind === 'commands' && head.kind === 'commands' && differ(base.commands, head.commands)) {
    changes.push('other commands')
  }
  if (base.kind === 'check' && head.kind === 'check' && base.check !== head.check) changes.push('another Check')
  return changes
}

const differ = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) !== canonicalJson(b ?? null)
