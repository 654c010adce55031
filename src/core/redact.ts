const mask = '***'

/** User and password of any URL: `postgresql://user:secret@host/db` keeps its scheme, host and path. */
const urlCredentials = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'`<>]+@/gi
/** `password=…`, `token: …` and their like, in connection strings, query strings, headers and JSON. */
const namedSecrets =
  /\b(password|passwd|pwd|pgpassword|secret|api[_-]?key|access[_-]?token|token|authorization)(["']?\s*[=:]\s*["']?)(?:(bearer|basic|token)\s+)?([^\s"'&,;)}\]]+)/gi
const githubTokens = /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{22,}|v1\.[0-9a-f]{40})\b/g
const pemBlocks = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g

/** Takes secrets out of text before it is printed, posted or written. */
export type Redactor = (text: string) => string

/**
 * Makes a redactor. Besides what looks like a secret, the given values are masked wherever they occur,
 * also in their percent-encoded form; values under 6 characters are too common to search for and are ignored.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length)
  return (text) => {
    let result = text
    for (const secret of known) result = result.replaceAll(secret, mask)
    return result
      .replace(pemBlocks, mask)
      .replace(urlCredentials, `$1${mask}@`)
      .replace(githubTokens, mask)
      .replace(namedSecrets, (_match, name: string, separator: string) => `${name}${separator}${mask}`)
  }
}

/** Redacts every string inside a JSON value; keys and other values stay as they are. */
export function redactValue<T>(value: T, redact: Redactor): T {
  if (typeof value === 'string') return redact(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, redact)) as T
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redactValue(item as unknown, redact)]),
    ) as T
  }
  return value
}

/** The environment variables whose values are secret, by their names. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_KEY/i.test(name) ? [value] : [],
  )
}
