import { matchesGlob } from 'node:path'

/** When `hive.yml` lets a gate run. */
type When = 'push' | 'ready' | 'merge-queue' | 'nightly'

/** Why gates run, or for what they are asked: each includes those of the ones before it, `commit` being a push. */
export type Occasion = 'commit' | 'draft' | 'ready' | 'merge-queue' | 'nightly'

interface Timed {
  readonly when: When
}

interface Scoped {
  readonly paths: readonly string[]
}

const runsAt: Readonly<Record<Occasion, readonly When[]>> = {
  commit: ['push'],
  draft: ['push'],
  ready: ['push', 'ready'],
  'merge-queue': ['push', 'ready', 'merge-queue'],
  nightly: ['push', 'ready', 'merge-queue', 'nightly'],
}

/** Whether a gate runs on this occasion. */
export const isDue = ({ when }: Timed, occasion: Occasion): boolean => runsAt[occasion].includes(when)

/**
 * Whether a commit on this occasion is only ready once the gate has passed. A draft is held to what it will need when
 * it is ready; what runs in the merge queue or at night says nothing of a pull request before.
 */
export const isAsked = (gate: Timed, occasion: Occasion): boolean =>
  isDue(gate, occasion === 'draft' ? 'ready' : occasion)

/** When a gate that is not due will run, as the end of "runs …". */
export function dueWords({ when }: Timed): string {
  return {
    push: 'on every push to a pull request',
    ready: 'when the pull request is ready for review',
    'merge-queue': 'in the merge queue',
    nightly: 'at night, on the default branch',
  }[when]
}

/** Changes of these can change what any gate does. */
const alwaysMatter = new Set(['hive.yml', '.github/workflows/hive-gates.yml'])

/**
 * Whether a change makes the gate necessary. A pattern that begins with `!` takes out what the others took in.
 *
 * @param files what differs from the base, or undefined where that is not known: then every gate is necessary
 */
export function isAffected({ paths }: Scoped, files: readonly string[] | undefined): boolean {
  if (paths.length === 0 || files === undefined) return true
  const wanted = paths.filter((path) => !path.startsWith('!')).map(plain)
  const unwanted = paths.filter((path) => path.startsWith('!')).map((path) => plain(path.slice(1)))
  return files.some((file) => {
    if (alwaysMatter.has(file)) return true
    const name = plain(file)
    const taken = wanted.length === 0 || wanted.some((pattern) => matchesGlob(name, pattern))
    return taken && !unwanted.some((pattern) => matchesGlob(name, pattern))
  })
}

/** Globs leave names with a dot in front out; a change of `src/.env` is a change of `src/**`. */
const plain = (path: string): string => path.replace(/^\.\//, '').replaceAll(/(^|[/{,])\.(?!\.?(?:\/|$))/g, '$1\uE000.')

/** Why a gate is not necessary, for its Check. */
export function unaffectedWords({ paths }: Scoped): string {
  const shown = paths.slice(0, 3).join(', ')
  return `not needed: no changed file under ${shown}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}`
}
