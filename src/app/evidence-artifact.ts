import * as z from 'zod/mini'
import type { RunFacts } from '../coordination/facts.ts'
import { evidenceBundleSchema, type EvidenceBundle } from '../evidence/schema.ts'
import type { GitHubReader } from '../github/reader.ts'
import { readZipEntry } from '../github/zip.ts'

/** Names that the gates workflow uploads under, and the only ones that are looked at. */
const evidenceArtifact = 'hive-evidence'
const evidenceEntry = 'evidence.json'

const limits = { maxEntries: 200, maxBytes: 8 * 1024 * 1024, maxRatio: 200 }
/** Packed: JSON packs well, so that this is far above what an honest run uploads. */
const maxZipBytes = 4 * 1024 * 1024
/** Evidence nests five deep. */
const maxDepth = 12

export type ReceivedEvidence =
  | { readonly kind: 'bundle'; readonly bundle: EvidenceBundle }
  | { readonly kind: 'refused'; readonly reason: string; readonly problem: string }

/**
 * Fetches the evidence of a run as hostile data: in memory, one named entry, capped in count, size, ratio and depth,
 * checked against its schema and against GitHub's own record of the run.
 */
export async function receiveEvidence(
  reader: Pick<GitHubReader, 'artifacts' | 'artifactZip'>,
  run: RunFacts,
): Promise<ReceivedEvidence> {
  const artifacts = await reader.artifacts(run.id, evidenceArtifact)
  // Every attempt of a run uploads under the same name; the newest is this attempt's.
  const artifact = artifacts.reduce<(typeof artifacts)[number] | undefined>(
    (newest, item) => (newest === undefined || item.id > newest.id ? item : newest),
    undefined,
  )
  if (artifact === undefined) return refused('EVIDENCE_MISSING', `the run left no artifact ${evidenceArtifact}`)
  if (artifact.expired) return refused('EVIDENCE_EXPIRED', 'the artifact of the run has expired')
  const tooLarge = refused('EVIDENCE_TOO_LARGE', `the artifact is larger than ${maxZipBytes} bytes`)
  if (artifact.sizeBytes > maxZipBytes) return tooLarge
  const archive = await reader.artifactZip(artifact.id, maxZipBytes)
  if (archive === undefined) return tooLarge
  const entry = readZipEntry(archive, evidenceEntry, limits)
  if (entry.kind === 'refused') return refused(`EVIDENCE_ZIP_${entry.reason}`, entry.problem)
  return parseBundle(entry.bytes, run)
}

/** The pure half: bytes of an evidence document against the run that it claims to come from. */
export function parseBundle(bytes: Uint8Array, run: RunFacts): ReceivedEvidence {
  const text = Buffer.from(bytes).toString('utf8')
  if (depthOf(text) > maxDepth) return refused('EVIDENCE_TOO_DEEP', `the document nests deeper than ${maxDepth} levels`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refused('EVIDENCE_NOT_JSON', 'the document is not JSON')
  }
  const parsed = z.safeParse(evidenceBundleSchema, json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue === undefined ? '' : `${issue.path.join('.').slice(0, 100)}: ${issue.message.slice(0, 200)}`
    return refused('EVIDENCE_SCHEMA', `the document is no evidence bundle (${where})`)
  }
  const bundle = parsed.data
  const expected: readonly (readonly [string, string, string])[] = [
    ['repository', bundle.repository.toLowerCase(), run.repository.toLowerCase()],
    ['headSha', bundle.headSha, run.headSha],
    ['runId', bundle.runId, String(run.id)],
    ...bundle.results.flatMap((result): (readonly [string, string, string])[] => [
      [`${result.gate}.commit`, result.commit ?? 'none', run.headSha],
      [`${result.gate}.event`, result.event, run.event],
      [`${result.gate}.runAttempt`, String(result.runAttempt ?? 1), String(run.attempt)],
    ]),
  ]
  const wrong = expected.find(([, found, wanted]) => found !== wanted)
  if (wrong !== undefined) {
    const [field, found, wanted] = wrong
    return refused('EVIDENCE_MISMATCH', `${field} is ${found.slice(0, 60)}, GitHub recorded ${wanted}`)
  }
  const gates = bundle.results.map(({ gate }) => gate)
  if (new Set(gates).size !== gates.length) return refused('EVIDENCE_GATE_TWICE', 'the bundle holds a gate twice')
  return { kind: 'bundle', bundle }
}

/** Deepest nesting of brackets outside strings, in one scan: JSON.parse recurses, a schema does too. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at += 1
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth)
    else if (code === 93 || code === 125) depth -= 1
  }
  return deepest
}

function refused(reason: string, problem: string): ReceivedEvidence {
  return { kind: 'refused', reason, problem }
}
