import { createHash } from 'node:crypto'
import type { Commit, ObjectStore, Person, Repository } from './types.ts'

/** Real Git object names, so that equal trees have equal SHAs and an amended commit has another one. */

function hashObject(type: string, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

export function blobSha(content: Buffer): string {
  return hashObject('blob', content)
}

export interface TreeEntry {
  readonly name: string
  readonly type: 'blob' | 'tree'
  readonly sha: string
  readonly files: ReadonlyMap<string, Buffer>
}

/** The direct children of a folder, given the files below it by relative path. */
export function treeEntries(files: ReadonlyMap<string, Buffer>): TreeEntry[] {
  const folders = new Map<string, Map<string, Buffer>>()
  const entries: TreeEntry[] = []
  for (const [path, content] of files) {
    const [name = '', ...rest] = path.split('/')
    if (rest.length === 0) entries.push({ name, type: 'blob', sha: blobSha(content), files: new Map() })
    else folders.set(name, (folders.get(name) ?? new Map<string, Buffer>()).set(rest.join('/'), content))
  }
  for (const [name, below] of folders) entries.push({ name, type: 'tree', sha: treeSha(below), files: below })
  // Git sorts a folder as if its name ended in a slash.
  const sortKey = ({ name, type }: TreeEntry): string => (type === 'tree' ? `${name}/` : name)
  return entries.sort((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))))
}

export function treeSha(files: ReadonlyMap<string, Buffer>): string {
  const parts = treeEntries(files).flatMap(({ name, type, sha }) => [
    Buffer.from(`${type === 'tree' ? '40000' : '100644'} ${name}\0`),
    Buffer.from(sha, 'hex'),
  ])
  return hashObject('tree', Buffer.concat(parts))
}

function signature({ name, email, date }: Person): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`
}

/** Stores a commit and its tree, and returns it with its real SHA. */
export function storeCommit(store: ObjectStore, draft: Omit<Commit, 'sha' | 'tree'>): Commit {
  const tree = treeSha(draft.files)
  const lines = [
    `tree ${tree}`,
    ...draft.parents.map((parent) => `parent ${parent}`),
    `author ${signature(draft.author)}`,
    `committer ${signature(draft.committer)}`,
    '',
    draft.message,
  ]
  const commit: Commit = { ...draft, sha: hashObject('commit', Buffer.from(lines.join('\n'))), tree }
  store.commits.set(commit.sha, commit)
  storeTree(store, draft.files)
  return commit
}

export function storeTree(store: ObjectStore, files: ReadonlyMap<string, Buffer>): string {
  const sha = treeSha(files)
  store.trees.set(sha, files)
  for (const entry of treeEntries(files)) if (entry.type === 'tree') storeTree(store, entry.files)
  for (const content of files.values()) store.blobs.set(blobSha(content), content)
  return sha
}

/** The commit of a branch, tag, `refs/…`, `pull/N/head` or SHA (seven digits are enough). */
export function resolveRef(repo: Repository, ref: string): Commit | undefined {
  const name = ref.replace(/^refs\//, '')
  const pull = /^pull\/(\d+)\/(head|merge)$/.exec(name)
  if (pull !== null) {
    const found = repo.issues.get(Number(pull[1]))?.pull
    const sha = pull[2] === 'head' ? found?.headSha : found?.mergeSha
    return sha === undefined ? undefined : repo.store.commits.get(sha)
  }
  const sha =
    repo.branches.get(name.replace(/^heads\//, '')) ?? repo.tags.get(name.replace(/^tags\//, '')) ?? ref.toLowerCase()
  const exact = repo.store.commits.get(sha)
  if (exact !== undefined || !/^[0-9a-f]{7,39}$/.test(sha)) return exact
  const matching = [...repo.store.commits.values()].filter((commit) => commit.sha.startsWith(sha))
  return matching.length === 1 ? matching[0] : undefined
}

/** A commit and all its ancestors, nearest first. */
export function history(store: ObjectStore, sha: string): Commit[] {
  const seen = new Map<string, Commit>()
  const queue = [sha]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const commit = store.commits.get(next)
    if (commit === undefined || seen.has(next)) continue
    seen.set(next, commit)
    queue.push(...commit.parents)
  }
  return [...seen.values()]
}

export function mergeBase(store: ObjectStore, base: string, head: string): Commit | undefined {
  const ancestors = new Set(history(store, base).map((commit) => commit.sha))
  return history(store, head).find((commit) => ancestors.has(commit.sha))
}

/** Our files with what they changed since the two parted; where both changed a file, theirs. */
export function mergedFiles(store: ObjectStore, ours: string, theirs: string): Map<string, Buffer> {
  const before = mergeBase(store, ours, theirs)?.files ?? new Map<string, Buffer>()
  const after = store.commits.get(theirs)?.files ?? new Map<string, Buffer>()
  const files = new Map(store.commits.get(ours)?.files)
  for (const [path, content] of after) if (before.get(path)?.equals(content) !== true) files.set(path, content)
  for (const path of before.keys()) if (!after.has(path)) files.delete(path)
  return files
}

/** Commits of `head` that `base` does not have, oldest first. */
export function commitsBetween(store: ObjectStore, base: string, head: string): Commit[] {
  const known = new Set(history(store, base).map((commit) => commit.sha))
  return history(store, head)
    .filter((commit) => !known.has(commit.sha))
    .reverse()
}
