import { quoted } from './issue.ts'
import type { ValuePath } from './issue.ts'
import { nearest } from './nearest.ts'

/** Takes down a problem; rules go on afterwards, so that all are reported. */
export type Report = (path: ValuePath, message: string) => void

export function reportRepeats(values: readonly string[], report: Report, pathOf: (index: number) => ValuePath): void {
  const seen = new Set<string>()
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) report(pathOf(index), `found ${value} twice, wanted it once`)
    seen.add(value)
  }
}

export function reportUnknown(
  reference: { readonly kind: 'agent' | 'gate' | 'task'; readonly name: string; readonly known: readonly string[] },
  path: ValuePath,
  report: Report,
): void {
  const { kind, name, known } = reference
  if (known.includes(name)) return
  const meant = nearest(name, known)
  report(path, `found the ${kind} ${name}, which does not exist, wanted ${wantedOf(kind, { meant, known })}`)
}

function wantedOf(kind: string, { meant, known }: { meant: string | undefined; known: readonly string[] }): string {
  if (meant !== undefined) return `perhaps ${meant}`
  if (known.length === 0) return `one of the ${kind}s, and there are none`
  const shown = known.slice(0, 10).join(', ')
  return `one of ${shown}${known.length > 10 ? ` and ${known.length - 10} more` : ''}`
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
