import { blobSha } from './git-objects.ts'
import type { Commit } from './types.ts'

export interface FileChange {
  readonly filename: string
  readonly status: 'added' | 'removed' | 'modified'
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  readonly patch: string
}

function lines(content: Buffer | undefined): string[] {
  return content === undefined || content.length === 0 ? [] : content.toString('utf8').replace(/\n$/, '').split('\n')
}

/** One hunk from the first to the last changed line: not the shortest diff, but a true one. */
function changeOf(filename: string, before: Buffer | undefined, after: Buffer | undefined): FileChange {
  const [old, now] = [lines(before), lines(after)]
  let start = 0
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start += 1
  let end = 0
  const limit = Math.min(old.length, now.length) - start
  while (end < limit && old.at(-1 - end) === now.at(-1 - end)) end += 1
  const removed = old.slice(start, old.length - end)
  const added = now.slice(start, now.length - end)
  const header = `@@ -${start + 1},${removed.length} +${start + 1},${added.length} @@`
  return {
    filename,
    status: before === undefined ? 'added' : after === undefined ? 'removed' : 'modified',
    sha: blobSha(after ?? before ?? Buffer.alloc(0)),
    additions: added.length,
    deletions: removed.length,
    patch: [header, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n'),
  }
}

/** What changed from one commit's files to another's, by path. */
export function changesBetween(before: Commit | undefined, after: Commit): FileChange[] {
  const paths = new Set([...(before?.files.keys() ?? []), ...after.files.keys()])
  return [...paths].sort().flatMap((path) => {
    const [old, now] = [before?.files.get(path), after.files.get(path)]
    return old !== undefined && now !== undefined && old.equals(now) ? [] : [changeOf(path, old, now)]
  })
}
