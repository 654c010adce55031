import type { Finding } from '../evidence/index.ts'

/** `src/store.ts:88`, `src/store.ts:88–92`, or nothing. */
export function describeLocation(finding: Finding): string | undefined {
  const { location } = finding
  if (location === undefined) return undefined
  if (location.startLine === undefined) return location.path
  const end = location.endLine
  return `${location.path}:${location.startLine}${end === undefined || end === location.startLine ? '' : `–${end}`}`
}

/** A relative path that stays inside the repository: what annotations and links may name. */
export function isRepositoryPath(path: string): boolean {
  return path !== '' && !/^[/\\]|^[A-Za-z]:|\p{Cc}/u.test(path) && !path.split(/[/\\]/).includes('..')
}
