import type { Account, App, Repository, Token } from './types.ts'

/** `GITHUB_TOKEN` acts as this account, under this id, in every repository of github.com. */
export const actionsBot: Account = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' }
export const actionsApp: App = { id: 15368, slug: 'github-actions', name: 'GitHub Actions' }

/** All that the emulated GitHub knows. */
export interface World {
  /** The server's time, in whole seconds. */
  readonly now: () => string
  /** Ids of everything, always increasing. */
  readonly nextId: () => number
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  apiUrl: string
  /** Where artifacts are downloaded from: another origin, so that clients drop their token on the way. */
  blobUrl: string
  readonly accounts: Map<string, Account>
  readonly repositories: Map<string, Repository>
  readonly tokens: Map<string, Token>
}

export function createWorld(now: () => Date): World {
  let lastId = 1_000_000
  return {
    now: () => `${now().toISOString().slice(0, 19)}Z`,
    nextId: () => ++lastId,
    apiUrl: '',
    blobUrl: '',
    accounts: new Map([[actionsBot.login, actionsBot]]),
    repositories: new Map(),
    tokens: new Map(),
  }
}

/** Finds an account by login without regard to case, or opens it. */
export function accountOf(world: World, login: string, given: { id?: number; type?: Account['type'] } = {}): Account {
  for (const account of world.accounts.values()) {
    if (account.login.toLowerCase() === login.toLowerCase()) return account
  }
  const type = given.type ?? (login.endsWith('[bot]') ? 'Bot' : 'User')
  const account: Account = { id: given.id ?? world.nextId(), login, type }
  world.accounts.set(login, account)
  return account
}

export function repositoryOf(world: World, fullName: string): Repository | undefined {
  return world.repositories.get(fullName.toLowerCase())
}
