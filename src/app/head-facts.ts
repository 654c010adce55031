import { configFileName, configHash, parseConfig, type Config } from '../config/index.ts'
import type { ChangeFacts, PullRequestFacts } from '../coordination/facts.ts'
import type { ReadinessRecord } from '../coordination/records.ts'
import { isHiveError } from '../core/errors.ts'
import { isAffected } from '../gates/occasions.ts'
import { weakerDefinitions, type WeakerDefinitions } from './gate-definitions.ts'
import type { Scene } from './scene.ts'

/** What GitHub says of the commits of a pull request, and what its hive.yml weakens. */
export interface HeadFacts {
  readonly changes: Omit<ChangeFacts, 'files' | 'filesComplete'>
  readonly weaker?: WeakerDefinitions
  /** Gates that the changed files make unnecessary, by the paths of the default branch's hive.yml. */
  readonly unaffected: readonly string[]
}

/**
 * Reads them, or takes them from the record of our own Check on this head where head, base and policy are the same:
 * that saves two requests an event.
 */
export async function headFactsOf(
  scene: Scene,
  pull: PullRequestFacts,
  { config, record }: { readonly config: Config; readonly record: ReadinessRecord | undefined },
): Promise<HeadFacts> {
  const known =
    record?.changes !== undefined &&
    record.unaffected !== undefined &&
    record.head === pull.headSha &&
    record.pull === pull.number &&
    record.baseRef === pull.baseRef &&
    record.configHash === configHash(config)
  if (known && record.changes !== undefined) {
    const { changes, unaffected = [] } = record
    return { changes, unaffected, ...(record.weaker === undefined ? {} : { weaker: record.weaker }) }
  }
  const [{ files, filesComplete, ...changes }, headText] = await Promise.all([
    scene.reader.changes(pull.baseSha, pull.headSha),
    scene.reader.file(configFileName, pull.headSha),
  ])
  const { gatesWorkflow } = scene
  const workflowChanged = filesComplete ? files.includes(gatesWorkflow) : await differsInHead(scene, pull.headSha)
  const head = headText === undefined ? undefined : parseOrNothing(headText)
  const weaker = weakerDefinitions({
    base: config,
    ...(head === undefined ? {} : { head }),
    headSha: pull.headSha,
    changedWorkflows: workflowChanged ? [gatesWorkflow] : [],
  })
  const changed = filesComplete ? files : undefined
  const unaffected = config.gates.filter((gate) => !isAffected(gate, changed)).map(({ id }) => id)
  return { changes, unaffected, ...(weaker === undefined ? {} : { weaker }) }
}

/** For heads with more files than GitHub lists: the workflow itself, in both places. */
async function differsInHead({ reader, gatesWorkflow }: Scene, headSha: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all([reader.file(gatesWorkflow), reader.file(gatesWorkflow, headSha)])
  return ours !== theirs
}

function parseOrNothing(text: string): Config | undefined {
  try {
    return parseConfig(text, configFileName)
  } catch (error) {
    if (isHiveError(error)) return undefined
    throw error
  }
}
