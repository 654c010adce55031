import { createHash, timingSafeEqual } from 'node:crypto'
import { fault } from '../core/index.ts'

const agentName = /^[a-z][a-z0-9_-]{0,49}$/
const minimumLength = 32

/** Who a request speaks for. */
export interface Authenticator {
  readonly agents: readonly string[]
  readonly has: (agent: string) => boolean
  /** @throws HIVE_GATEWAY_UNAUTHENTICATED */
  readonly authenticate: (authorization: string | undefined) => string
}

/**
 * Keeps only SHA-256 of the tokens. A lookup by digest tells nothing about a token; the comparison that decides runs in
 * constant time all the same.
 *
 * @throws HIVE_GATEWAY_TOKENS
 */
export function createAuthenticator(
  tokens: ReadonlyMap<string, string> | Readonly<Record<string, string>>,
): Authenticator {
  const pairs = tokens instanceof Map ? [...(tokens as ReadonlyMap<string, string>)] : Object.entries(tokens)
  const byDigest = new Map<string, { readonly agent: string; readonly digest: Buffer }>()
  const agents = new Set<string>()
  for (const [agent, token] of pairs) {
    if (!agentName.test(agent))
      throw fault('HIVE_GATEWAY_TOKENS', { problem: `${agent.slice(0, 50)} is no agent name` })
    if (token.length < minimumLength) {
      throw fault('HIVE_GATEWAY_TOKENS', {
        problem: `the token of ${agent} has fewer than ${minimumLength} characters`,
      })
    }
    const digest = digestOf(token)
    const key = digest.toString('latin1')
    if (byDigest.has(key)) throw fault('HIVE_GATEWAY_TOKENS', { problem: `${agent} has the token of another agent` })
    byDigest.set(key, { agent, digest })
    agents.add(agent)
  }
  return {
    agents: [...agents],
    has: (agent) => agents.has(agent),
    authenticate: (authorization) => {
      if (authorization === undefined) {
        throw fault('HIVE_GATEWAY_UNAUTHENTICATED', { problem: 'it has no Authorization header' })
      }
      const token = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
      if (token === undefined) {
        throw fault('HIVE_GATEWAY_UNAUTHENTICATED', { problem: 'its Authorization header is no Bearer token' })
      }
      const digest = digestOf(token)
      const candidate = byDigest.get(digest.toString('latin1'))
      if (candidate === undefined || !timingSafeEqual(candidate.digest, digest)) {
        throw fault('HIVE_GATEWAY_UNAUTHENTICATED', { problem: 'its token is not known' })
      }
      return candidate.agent
    },
  }
}

/**
 * Reads `agent=token` pairs, one a line or separated by commas; blank lines and `#` comments are skipped.
 *
 * @throws HIVE_GATEWAY_TOKENS, which never repeats a token
 */
export function parseTokens(text: string): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>()
  for (const [index, raw] of text.split(/[\n,]/).entries()) {
    const pair = raw.trim()
    if (pair === '' || pair.startsWith('#')) continue
    const at = pair.indexOf('=')
    if (at < 1) throw fault('HIVE_GATEWAY_TOKENS', { problem: `entry ${index + 1} is not agent=token` })
    const agent = pair.slice(0, at).trim()
    if (tokens.has(agent)) throw fault('HIVE_GATEWAY_TOKENS', { problem: `${agent} is listed twice` })
    tokens.set(agent, pair.slice(at + 1).trim())
  }
  if (tokens.size === 0) throw fault('HIVE_GATEWAY_TOKENS', { problem: 'it lists no agent' })
  // Refuses names and tokens as the gateway would, before anything is started for it.
  createAuthenticator(tokens)
  return tokens
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
