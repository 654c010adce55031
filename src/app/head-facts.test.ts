import { expect, test } from 'vitest'
import { configHash, parseConfig } from '../config/index.ts'
import { createGitHubClient } from '../github/client.ts'
import { createReader } from '../github/reader.ts'
import { createWriter } from '../github/writer.ts'
import { systemClock } from '../core/clock.ts'
import { headFactsOf } from './head-facts.ts'
import type { Scene } from './scene.ts'

const hive = 'version: 1\nproject: shop\ngates:\n  protocol: {}\n'
const config = parseConfig(hive, 'hive.yml')
const workflow = '.github/workflows/hive-gates.yml'
const pull = {
  number: 1,
  title: 'Move',
  open: true,
  draft: false,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  baseSha: 'b'.repeat(40),
  url: 'https://github.com/acme/shop/pull/1',
}

/** A scene whose reader answers these questions and no other. */
function sceneWith(files: Readonly<Record<string, string>>, listed: readonly string[], filesComplete = true): Scene {
  const client = createGitHubClient({
    token: '',
    apiUrl: 'http://127.0.0.1:1',
    clock: systemClock,
    signal: AbortSignal.abort(),
    retries: 0,
    timeoutMs: 1,
    note: () => {},
  })
  const repository = { owner: 'acme', repo: 'shop' }
  return {
    reader: {
      ...createReader(client, repository),
      changes: async () => ({
        commits: 1,
        contributors: [4],
        unknown: [],
        files: listed,
        complete: true,
        filesComplete,
      }),
      file: async (path, ref) => files[ref === undefined ? path : `head:${path}`],
    },
    writer: createWriter(client, repository),
    serverNow: client.serverNow,
    requests: client.requests,
    clock: systemClock,
    repository: 'acme/shop',
    serverUrl: 'https://github.com',
    app: 'github-actions',
    gatesWorkflow: workflow,
    note: () => {},
  }
}

const read = (scene: Scene) => headFactsOf(scene, pull, { config, record: undefined })

test('headFactsOf() sees a changed gates workflow, listed or beyond the list', async () => {
  const same = { [workflow]: 'jobs: {}', 'head:hive.yml': hive, [`head:${workflow}`]: 'jobs: {}' }
  const edited = { ...same, [`head:${workflow}`]: 'jobs: { evil: {} }' }
  expect((await read(sceneWith(same, ['src/a.ts']))).weaker).toBeUndefined()
  expect((await read(sceneWith(edited, [workflow]))).weaker?.changes).toEqual([
    `${workflow} is changed by this pull request`,
  ])
  expect((await read(sceneWith(same, ['src/a.ts'], false))).weaker).toBeUndefined()
  expect((await read(sceneWith(edited, ['src/a.ts'], false))).weaker).toBeDefined()
})

test('headFactsOf() asks nothing where the record is of this head, base and policy', async () => {
  const scene = sceneWith({ 'head:hive.yml': hive }, [])
  const first = await read(scene)
  const { changes } = first
  const record = {
    v: 1 as const,
    kind: 'readiness' as const,
    pull: 1,
    baseRef: 'main',
    configHash: configHash(config),
    head: pull.headSha,
    unaffected: ['protocol'],
    changes: { ...changes, contributors: [...changes.contributors, 9], unknown: [...changes.unknown] },
  }
  const known = await headFactsOf(scene, pull, { config, record })
  expect(known).toMatchObject({ changes: { contributors: [4, 9] }, unaffected: ['protocol'] })
  for (const part of [{ pull: 2 }, { baseRef: 'release' }, { configHash: 'x' }, { head: 'c'.repeat(40) }]) {
    const again = await headFactsOf(scene, pull, { config, record: { ...record, ...part } })
    expect(again.changes.contributors).toEqual([4])
  }
})
