import { lintRedis, readRedisFacts, type RedisFinding } from '../../protocol/index.ts'
import { expectThat, type Requirement } from '../requirement.ts'

/** What the server must be set to: read from the server, never changed. */
export const configurationRequirements: readonly Requirement[] = [
  {
    id: 'HMP-015',
    level: 'MUST',
    title: 'the server never deletes messages by itself: no eviction, a primary, version 7.0 or newer, disk writable',
    check: async (trial) => {
      const { redis } = await trial.connect()
      const { version, findings } = lintRedis(await readRedisFacts(redis))
      const broken = findings.filter(({ level }) => level === 'MUST')
      expectThat(broken.length === 0, broken.map(describe).join('; '))
      return `Redis ${version}, noeviction`
    },
  },
  {
    id: 'HMP-016',
    level: 'SHOULD',
    title: 'the server keeps an append-only file, so that messages survive its restart',
    check: async (trial) => {
      const { redis } = await trial.connect()
      const { durability, meaning, findings } = lintRedis(await readRedisFacts(redis))
      const missing = findings.filter(({ level }) => level === 'SHOULD')
      expectThat(missing.length === 0, missing.map(describe).join('; '))
      return `level ${durability}: ${meaning}`
    },
  },
]

function describe({ problem, remedy }: RedisFinding): string {
  return `${problem} (${remedy})`
}
