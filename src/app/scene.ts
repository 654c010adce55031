import { configFileName, parseConfig, type Config } from '../config/index.ts'
import { fault } from '../core/errors.ts'
import type { Clock } from '../core/clock.ts'
import { createGitHubClient, type GitHubOptions } from '../github/client.ts'
import { useProxyOf } from '../github/proxy.ts'
import { createReader, type GitHubReader } from '../github/reader.ts'
import { createWriter, type GitHubWriter } from '../github/writer.ts'

/** What the use cases on GitHub act in: one repository, seen with one token. */
export interface Scene {
  readonly reader: GitHubReader
  readonly writer: GitHubWriter
  /** GitHub's clock. */
  readonly serverNow: () => Date
  readonly requests: () => { readonly reads: number; readonly writes: number }
  readonly clock: Clock
  /** `owner/name` */
  readonly repository: string
  /** `https://github.com` */
  readonly serverUrl: string
  /** Slug of the App whose token this is; its comments are by `slug[bot]`. */
  readonly app: string
  /** Path of the workflow whose evidence is believed. */
  readonly gatesWorkflow: string
  readonly note: (line: string) => void
}

export interface SceneOptions extends Omit<GitHubOptions, 'signal'> {
  readonly signal: AbortSignal
  readonly repository: string
  readonly serverUrl: string
  readonly app: string
  readonly gatesWorkflow: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export async function createScene(options: SceneOptions): Promise<Scene> {
  await useProxyOf(options.env)
  const client = createGitHubClient(options)
  const [owner = '', repo = ''] = options.repository.split('/')
  return {
    reader: createReader(client, { owner, repo }),
    writer: createWriter(client, { owner, repo }),
    serverNow: client.serverNow,
    requests: client.requests,
    clock: options.clock,
    repository: options.repository,
    serverUrl: options.serverUrl,
    app: options.app,
    gatesWorkflow: options.gatesWorkflow,
    note: options.note,
  }
}

/** hive.yml of the default branch: the only policy. */
export async function readPolicy(reader: Pick<GitHubReader, 'file'>): Promise<Config> {
  const text = await reader.file(configFileName)
  if (text === undefined) throw fault('HIVE_POLICY_MISSING', { path: configFileName })
  return parseConfig(text, configFileName)
}

export const ownLogin = (scene: Pick<Scene, 'app'>): string => `${scene.app}[bot]`
