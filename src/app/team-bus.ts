import { fault } from '../core/index.ts'
import { connectRedisBus, type RedisBus } from '../protocol/index.ts'

/** Where the messages of a team are, as it was typed. */
export interface TeamRequest {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Replaces HIVE_REDIS_URL. */
  readonly redis?: string
  readonly team: string
  /** The command that asks, for its usage. */
  readonly command: string
}

/** A private server would hold no messages: it has to be a given one. @throws HIVE_USAGE, HIVE_PROTOCOL_REDIS */
export async function openTeamBus({ env, redis, team, command }: TeamRequest): Promise<RedisBus> {
  checkTeam(team, command)
  const redisUrl = redis ?? env['HIVE_REDIS_URL'] ?? ''
  if (!/^rediss?:\/\/./.test(redisUrl)) {
    const given =
      redisUrl === '' ? 'neither --redis nor HIVE_REDIS_URL is given' : 'the URL does not begin with redis://'
    throw fault('HIVE_USAGE', { problem: `could not find the messages of ${team}: ${given}`, command })
  }
  return await connectRedisBus({ redisUrl, team })
}

/** The team's name becomes part of keys and rows. @throws HIVE_USAGE */
export function checkTeam(team: string, command: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,49}$/.test(team)) return
  throw fault('HIVE_USAGE', {
    problem: `could not use --team ${team.slice(0, 60)}: 1 to 50 characters of a-z, 0-9, - and _ are needed`,
    command,
  })
}
