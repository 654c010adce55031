import type { Redis } from 'ioredis'
import { redisFault } from './connection.ts'

/** What the configuration of a server says about the messages in it. `undefined`: the server does not tell. */
export interface RedisFacts {
  readonly version: string
  readonly role: string | undefined
  readonly maxmemoryPolicy: string | undefined
  readonly appendOnly: boolean | undefined
  readonly appendFsync: string | undefined
  /** The last write to the append-only file succeeded. */
  readonly lastWriteOk: boolean
}

/** `memory`: what was acknowledged may be lost with the process or the machine; `fsync`: it is on the disk first. */
export type RedisDurability = 'memory' | 'fsync' | 'unknown'

export interface RedisFinding {
  readonly check: 'version' | 'role' | 'eviction' | 'append-only' | 'fsync' | 'last-write'
  readonly level: 'MUST' | 'SHOULD'
  readonly problem: string
  readonly remedy: string
}

export interface RedisLint {
  readonly version: string
  readonly durability: RedisDurability
  /** What the level really gives, in one sentence. */
  readonly meaning: string
  readonly findings: readonly RedisFinding[]
}

/** Judges the facts: what loses messages is a MUST, what loses them only with the process or the machine a SHOULD. */
export function lintRedis(facts: RedisFacts): RedisLint {
  const findings: RedisFinding[] = []
  const add = (finding: RedisFinding): void => void findings.push(finding)
  if (!(Number.parseFloat(facts.version) >= 7)) {
    add({
      check: 'version',
      level: 'MUST',
      problem: `version ${facts.version} has no server-side functions`,
      remedy: 'upgrade to 7.0 or newer',
    })
  }
  if (facts.role !== undefined && facts.role !== 'master') {
    add({ check: 'role', level: 'MUST', problem: `the server is a ${facts.role}`, remedy: 'connect to the primary' })
  }
  if (facts.maxmemoryPolicy !== 'noeviction') {
    const problem =
      facts.maxmemoryPolicy === undefined
        ? 'CONFIG GET is not allowed, so eviction cannot be ruled out'
        : `maxmemory-policy is ${facts.maxmemoryPolicy}, which deletes inboxes when memory is short`
    add({ check: 'eviction', level: 'MUST', problem, remedy: 'CONFIG SET maxmemory-policy noeviction' })
  }
  if (!facts.lastWriteOk) {
    add({
      check: 'last-write',
      level: 'MUST',
      problem: 'the last write to the append-only file failed',
      remedy: 'make room on the disk of the server',
    })
  }
  if (facts.appendOnly !== true) {
    const problem = facts.appendOnly === undefined ? 'CONFIG GET is not allowed' : 'appendonly is no'
    add({ check: 'append-only', level: 'SHOULD', problem, remedy: 'CONFIG SET appendonly yes' })
  } else if (facts.appendFsync === 'no') {
    add({
      check: 'fsync',
      level: 'SHOULD',
      problem: 'appendfsync is no',
      remedy: 'CONFIG SET appendfsync everysec, or always',
    })
  }
  const { durability, meaning } = durabilityOf(facts)
  return { version: facts.version, durability, meaning, findings }
}

function durabilityOf(facts: RedisFacts): { readonly durability: RedisDurability; readonly meaning: string } {
  if (facts.appendOnly === undefined) {
    return { durability: 'unknown', meaning: 'the server does not tell how it persists, so nothing is promised' }
  }
  if (!facts.appendOnly) {
    return { durability: 'memory', meaning: 'everything since the last snapshot is lost when the server stops' }
  }
  if (facts.appendFsync === 'always') {
    return { durability: 'fsync', meaning: 'what Redis has acknowledged is on its disk' }
  }
  return {
    durability: 'memory',
    meaning:
      facts.appendFsync === 'everysec'
        ? 'up to two seconds of acknowledged messages are lost when the server or its machine dies'
        : 'what the operating system has not written yet is lost when the machine dies',
  }
}

/** Asks the server. What it does not allow to be read is undefined, never assumed. @throws HIVE_PROTOCOL_REDIS */
export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  try {
    const info = await redis.info()
    const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
    const setting = async (name: string): Promise<string | undefined> => {
      try {
        const reply: unknown = await redis.config('GET', name)
        return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined
      } catch (error) {
        if (redis.status === 'ready') return undefined
        throw error
      }
    }
    const appendOnly = await setting('appendonly')
    return {
      version: field('redis_version') ?? 'unknown',
      role: field('role'),
      maxmemoryPolicy: await setting('maxmemory-policy'),
      appendOnly: appendOnly === undefined ? undefined : appendOnly === 'yes',
      appendFsync: await setting('appendfsync'),
      lastWriteOk: (field('aof_last_write_status') ?? 'ok') === 'ok',
    }
  } catch (error) {
    throw redisFault(error)
  }
}
