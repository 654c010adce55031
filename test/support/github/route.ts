import type { Need } from './access.ts'
import type { Scope, Repository, Token } from './types.ts'
import type { World } from './world.ts'

/** A request that passed validation, authentication and the permission check. */
export interface Call {
  readonly world: World
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  readonly token: Token
  readonly accept: string
}

export interface RepositoryCall extends Call {
  readonly repo: Repository
}

export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'raw'; readonly body: Buffer; readonly mediaType: string }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** All items, oldest first or as asked; the server cuts the page. `wrapper` names the list inside an object. */
  | { readonly kind: 'list'; readonly items: readonly unknown[]; readonly wrapper?: string; readonly extra?: object }
  /** Refused in GitHub's words. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly message: string
      readonly errors?: readonly unknown[]
    }

export interface Route {
  readonly need?: Need
  readonly answer: (call: RepositoryCall) => Reply
}

/** By the operation's key: `GET /repos/{owner}/{repo}/pulls`. */
export type Routes = Readonly<Record<string, Route>>

export function reads(...scopes: readonly Scope[]): Need {
  return { scopes, level: 'read' }
}

export function writes(...scopes: readonly Scope[]): Need {
  return { scopes, level: 'write' }
}

export function json(body: unknown, status = 200): Reply {
  return { kind: 'json', status, body }
}

export function list(items: readonly unknown[], wrapper?: string): Reply {
  return { kind: 'list', items, ...(wrapper !== undefined && { wrapper }) }
}

export const notFound: Reply = { kind: 'refused', status: 404, message: 'Not Found' }
export const noContent: Reply = { kind: 'empty', status: 204 }

export function refused(status: number, message: string): Reply {
  return { kind: 'refused', status, message }
}

/** 422 in the shape in which GitHub names the offending field. */
export function invalid(resource: string, field: string, message: string): Reply {
  const errors = [{ resource, field, code: 'custom', message }]
  return { kind: 'refused', status: 422, message: 'Validation Failed', errors }
}

/** A text of the body; undefined when it is absent or of another type. */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

export function numberOf(params: Readonly<Record<string, string>>, name: string): number {
  return Number(params[name])
}
