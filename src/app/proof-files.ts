import { randomBytes } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fault } from '../core/index.ts'
import {
  parseKeyFile,
  profileDocumentSchema,
  proofDocumentSchema,
  proofKey,
  renderKeyFile,
  type ProfileDocument,
  type ProofDocument,
  type ProofKey,
} from '../migration/index.ts'

/** The key's file where none is named: beside the first database, which is where the data stays. */
const keyName = 'hive-proof.key'

export interface KeyRequest {
  readonly sources: readonly string[]
  readonly cwd: string
  /** As given with `--key`. */
  readonly key?: string
}

/**
 * The key that profile and proof share. It is made on first use, readable by its owner alone.
 *
 * @throws HIVE_PROOF_KEY
 */
export async function openProofKey(request: KeyRequest): Promise<{ readonly key: ProofKey; readonly path: string }> {
  const path = request.key ?? join(dirname(request.sources[0] ?? ''), keyName)
  const file = resolve(request.cwd, path)
  const fresh = randomBytes(32)
  try {
    await writeFile(file, renderKeyFile(fresh), { mode: 0o600, flag: 'wx' })
    return { key: proofKey(fresh), path }
  } catch (error) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) {
      throw fault('HIVE_PROOF_KEY', { path, problem: 'it can be neither read nor written' }, error)
    }
    const secret = parseKeyFile(text)
    if (secret === undefined) throw fault('HIVE_PROOF_KEY', { path, problem: 'it holds no key' })
    return { key: proofKey(secret), path }
  }
}

export async function writeProofFile(
  path: string,
  place: { readonly cwd: string; readonly document: unknown },
): Promise<void> {
  const file = resolve(place.cwd, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(place.document, null, 2)}\n`)
}

/** @throws HIVE_PROFILE_FILE */
export async function readProfile(path: string, cwd: string): Promise<ProfileDocument> {
  return readJson(path, { cwd, code: 'HIVE_PROFILE_FILE', schema: profileDocumentSchema })
}

/** @throws HIVE_PROOF_FILE */
export async function readProof(path: string, cwd: string): Promise<ProofDocument> {
  return readJson(path, { cwd, code: 'HIVE_PROOF_FILE', schema: proofDocumentSchema })
}

const bytesAtMost = 64 * 1_048_576

interface Reader<T> {
  readonly safeParse: (document: unknown) =>
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
        }
      }
}

async function readJson<T>(
  path: string,
  wanted: {
    readonly cwd: string
    readonly code: 'HIVE_PROFILE_FILE' | 'HIVE_PROOF_FILE'
    readonly schema: Reader<T>
  },
): Promise<T> {
  const { cwd, code, schema } = wanted
  const file = resolve(cwd, path)
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw fault(code, { path, problem: 'no such file' })
  if (found.size > bytesAtMost)
    throw fault(code, { path, problem: `${found.size} bytes, wanted at most ${bytesAtMost}` })
  let document: unknown
  try {
    document = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw fault(code, { path, problem: 'it is no JSON' }, error)
  }
  const read = schema.safeParse(document)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw fault(code, { path, problem: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}` })
}
