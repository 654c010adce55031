import { execFile } from 'node:child_process'
import { fault } from '../../core/index.ts'

/** What is known of the folder whose gates run. */
export interface Checkout {
  /** Absent where the folder is no git checkout or has no commit yet. */
  readonly commit?: string
  readonly branch?: string
  readonly baseCommit?: string
  readonly baseRef?: string
  /** SHA of HEAD's tree; `dirty` where files differ from it; `unversioned` outside git. */
  readonly testedTree: string
  /** `owner/name` of the remote `origin` on GitHub, where there is one. */
  readonly repository?: string
}

/**
 * Reads commit, tree, branch and base of a folder. Untracked files that are not ignored make it dirty:
 * what is tested must be what the commit holds.
 */
export async function readCheckout(cwd: string, signal: AbortSignal): Promise<Checkout> {
  const git = (...words: string[]): Promise<string | undefined> => runGit(words, { cwd, signal })
  if ((await git('rev-parse', '--is-inside-work-tree')) !== 'true') return { testedTree: 'unversioned' }
  const commit = await git('rev-parse', '--verify', '--quiet', 'HEAD')
  if (commit === undefined) return { testedTree: 'unversioned' }
  const [changes, tree, branch, remote, originHead] = await Promise.all([
    git('status', '--porcelain', '--untracked-files=normal'),
    git('rev-parse', 'HEAD^{tree}'),
    git('rev-parse', '--abbrev-ref', 'HEAD'),
    git('config', '--get', 'remote.origin.url'),
    git('rev-parse', '--abbrev-ref', 'origin/HEAD'),
  ])
  if (changes === undefined || tree === undefined) throw fault('HIVE_GIT', { problem: 'git status gave no answer' })
  const base = await findBase(git, { branch, originHead })
  const repository = remote === undefined ? undefined : repositoryOf(remote)
  return {
    commit,
    testedTree: changes === '' ? tree : 'dirty',
    ...(branch === undefined || branch === 'HEAD' ? {} : { branch }),
    ...(repository === undefined ? {} : { repository }),
    ...base,
  }
}

/**
 * Files that HEAD changes since it left `base`, old and new names of renamed ones; undefined where git cannot tell, as
 * in a shallow clone.
 */
export async function readChangedFiles(
  base: string,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  const words = ['diff', '--name-only', '--no-renames', '--no-relative', '-z', `${base}...HEAD`, '--']
  const output = await runGit(words, { cwd, signal })
  return output?.split('\0').filter((name) => name !== '')
}

type Git = (...words: string[]) => Promise<string | undefined>

/** The default branch and where this branch left it; nothing on the default branch itself. */
async function findBase(
  git: Git,
  { branch, originHead }: { branch: string | undefined; originHead: string | undefined },
): Promise<Pick<Checkout, 'baseCommit' | 'baseRef'>> {
  for (const candidate of [originHead, 'origin/main', 'main', 'origin/master', 'master']) {
    if (candidate === undefined || candidate === 'origin/HEAD') continue
    const name = candidate.replace(/^origin\//, '')
    if (name === branch) return {}
    const baseCommit = await git('merge-base', 'HEAD', candidate)
    if (baseCommit !== undefined) return { baseCommit, baseRef: name }
  }
  return {}
}

export function repositoryOf(remote: string): string | undefined {
  return /github\.com[:/]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(remote)?.[1]
}

/** The trimmed output of git, or `undefined` where it answered with an error. */
function runGit(words: readonly string[], options: { cwd: string; signal: AbortSignal }): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const settings = { ...options, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 }
    execFile('git', ['--no-optional-locks', ...words], settings, (error, stdout) => {
      if (options.signal.aborted) reject(options.signal.reason as Error)
      else if (error === null) resolve(stdout.trim())
      else if (error.code === 'ENOENT') reject(fault('HIVE_GIT', { problem: 'git is not installed' }, error))
      else resolve(undefined)
    })
  })
}
