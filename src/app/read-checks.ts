import type { CheckFacts } from '../coordination/facts.ts'
import { withParts } from './one-check.ts'
import type { Scene } from './scene.ts'

/** The Checks of a commit, those of gates among them wherever they are kept. */
export async function readChecks({ reader, app }: Scene, sha: string): Promise<readonly CheckFacts[]> {
  return withParts(await reader.checks(sha), app)
}
