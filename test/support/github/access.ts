import type { AccessLevel, Account, Repository, Role, Scope, Token } from './types.ts'

/** What an operation asks of a token: any one of the scopes, at this level. */
export interface Need {
  readonly scopes: readonly Scope[]
  readonly level: AccessLevel
}

export function roleOf(repo: Repository, account: Account): Role {
  if (account.id === repo.owner.id) return 'admin'
  return repo.roles.get(account.id) ?? (repo.private ? 'none' : 'read')
}

const rank: Readonly<Record<Role, number>> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 }

export function hasRole(repo: Repository, account: Account, least: Role): boolean {
  return rank[roleOf(repo, account)] >= rank[least]
}

/**
 * Whether a token may use an operation. Reading needs its permission too, as in a private repository: on a public
 * one GitHub is more generous, and a workflow that relies on that breaks where it matters.
 */
export function mayUse(token: Token, { scopes, level }: Need): boolean {
  return scopes.some(
    (scope) => token.permissions[scope] === 'write' || (level === 'read' && token.permissions[scope] === 'read'),
  )
}

/** Whether GitHub shows the repository to the token at all; if not, it answers 404. */
export function reaches(token: Token, repo: Repository): boolean {
  if (token.repositories !== undefined) return token.repositories.includes(repo.fullName)
  return token.app !== undefined || hasRole(repo, token.actor, 'read')
}
