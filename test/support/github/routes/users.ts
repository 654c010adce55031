import { renderPublicUser } from '../render/account.ts'
import { json, notFound, refused, type Call, type Reply } from '../route.ts'

/** Routes outside a repository; they need no permission. */
export type GlobalRoutes = Readonly<Record<string, (call: Call) => Reply>>

function rate(limit: number, remaining: number, reset: number): object {
  return { limit, remaining, reset, used: limit - remaining, resource: 'core' }
}

export const userRoutes: GlobalRoutes = {
  'GET /users/{username}': ({ world, params }) => {
    const wanted = (params['username'] ?? '').toLowerCase()
    const account = [...world.accounts.values()].find(({ login }) => login.toLowerCase() === wanted)
    return account === undefined ? notFound : json(renderPublicUser(world, account))
  },
  'GET /user/{account_id}': ({ world, params }) => {
    const account = [...world.accounts.values()].find(({ id }) => id === Number(params['account_id']))
    return account === undefined ? notFound : json(renderPublicUser(world, account))
  },
  'GET /user': ({ world, token }) =>
    token.app === undefined
      ? json(renderPublicUser(world, token.actor))
      : refused(403, 'Resource not accessible by integration'),
  'GET /rate_limit': ({ world }) => {
    const reset = Math.floor(Date.parse(world.now()) / 1000) + 3600
    const core = rate(1000, 1000, reset)
    return json({ resources: { core, search: rate(30, 30, reset), graphql: rate(1000, 1000, reset) }, rate: core })
  },
}
