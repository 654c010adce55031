import type { Token } from '../types.ts'
import type { World } from '../world.ts'

export function answerGraphql(_world: World, _token: Token, _body: unknown): { body: unknown; violations: string[] } {
  return {
    body: { errors: [{ message: 'GraphQL is not answered yet' }] },
    violations: ['POST /graphql is not answered yet'],
  }
}
