import { quoted } from './issue.ts'
import type { ValuePath } from './issue.ts'
import { nearest } from './nearest.ts'

/** Takes down a problem; rules go on afterwards, so that all are reported. */
export type Report = (path: ValuePath, message: string | (() => string)) => void

export function reportRepeats(values: readonly string[], report: Report, pathOf: (index: number) => ValuePath): void {
  const seen = new Set<string>()
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) report(pathOf(index), `found ${value} twice, wanted it once`)
    seen.add(value)
  }
}

export interface Reference {
  readonly kind: 'agent' | 'gate' | 'task'
  readonly name: string
  readonly known: ReadonlySet<string>
}

export function reportUnknown(reference: Reference, path: ValuePath, report: Report): void {
  if (reference.known.has(reference.name)) return
  // A hostile file has a hundred thousand of these, and looking for near names takes time.
  report(path, () => describeUnknown(reference))
}

function describeUnknown({ kind, name, known }: Reference): string {
  const found = `found the ${kind} ${name}, which does not exist, wanted`
  const names = [...known].slice(0, 1_000)
  const meant = nearest(name, names)
  if (meant !== undefined) return `${found} perhaps ${meant}`
  if (names.length === 0) return `${found} one of the ${kind}s, and there are none`
  const more = known.size > 10 ? ` and ${known.size - 10} more` : ''
  return `${found} one of ${names.slice(0, 10).join(', ')}${more}`
}

export function zoneRule(zone: string | undefined, path: ValuePath, report: Report): void {
  if (zone === undefined) return
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    const meant = nearest(zone, Intl.supportedValuesOf('timeZone'))
    report(
      path,
      `found the time zone ${quoted(zone)}, wanted an IANA name${meant === undefined ? ' such as Europe/Athens' : `, perhaps ${meant}`}`,
    )
  }
}

/** `hive.yml` is public to everyone who can read the repository: no passwords in it. The value is not repeated. */
export function urlRule(text: string, path: ValuePath, report: Report): void {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    report(path, 'found no URL, wanted one that begins with http:// or https://')
    return
  }
  const { username, password } = new URL(text)
  if (username !== '' || password !== '') report(path, 'found a URL with a user or password in it, wanted it without')
}
