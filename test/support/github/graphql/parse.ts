/** A reader of GraphQL queries: as much of the language as clients of GitHub's API use. */

export type Value =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> }

export type Selection =
  | {
      readonly kind: 'field'
      readonly name: string
      readonly alias: string
      readonly args: Readonly<Record<string, Value>>
      readonly selections: readonly Selection[]
    }
  /** `... on Type { … }`, and a spread, which is the same with the fragment's name. */
  | {
      readonly kind: 'fragment'
      readonly on?: string
      readonly spread?: string
      readonly selections: readonly Selection[]
    }

export interface OperationDefinition {
  readonly type: 'query' | 'mutation'
  readonly name?: string
  readonly variables: readonly { readonly name: string; readonly required: boolean; readonly usual?: Value }[]
  readonly selections: readonly Selection[]
}

export interface Document {
  readonly operations: readonly OperationDefinition[]
  readonly fragments: ReadonlyMap<string, Extract<Selection, { kind: 'fragment' }>>
}

const token =
  /[\s,]+|#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[_A-Za-z]\w*|[!$():=@[\]{}|&]/y

function tokenize(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const [found] = token.exec(text) ?? []
    if (found === undefined) throw new SyntaxError(`Parse error on ${JSON.stringify(text.slice(at, at + 10))}`)
    if (!/^[\s,#]/.test(found)) tokens.push(found)
  }
  return tokens
}

/** Parses a document; throws a SyntaxError in GitHub's words. */
export function parseGraphql(text: string): Document {
  const tokens = tokenize(text)
  let at = 0
  const peek = (): string => tokens[at] ?? 'end of file'
  const next = (): string => tokens[at++] ?? 'end of file'
  const accept = (wanted: string): boolean => peek() === wanted && next() === wanted

  function expect(wanted: string): void {
    if (!accept(wanted))
      throw new SyntaxError(`Parse error on ${JSON.stringify(peek())}, expected ${JSON.stringify(wanted)}`)
  }

  function name(): string {
    const found = next()
    if (!/^[_A-Za-z]\w*$/.test(found)) throw new SyntaxError(`Parse error on ${JSON.stringify(found)}, expected a name`)
    return found
  }

  function value(): Value {
    if (accept('$')) return { kind: 'variable', name: name() }
    if (accept('[')) {
      const items: Value[] = []
      while (!accept(']')) items.push(value())
      return { kind: 'list', items }
    }
    if (accept('{')) {
      const fields: Record<string, Value> = {}
      while (!accept('}')) {
        const key = name()
        expect(':')
        fields[key] = value()
      }
      return { kind: 'object', fields }
    }
    const found = next()
    if (found.startsWith('"""')) return { kind: 'literal', value: found.slice(3, -3) }
    if (/^["-]|^\d/.test(found) || ['true', 'false', 'null'].includes(found)) {
      return { kind: 'literal', value: JSON.parse(found) as unknown }
    }
    at -= 1
    return { kind: 'literal', value: name() }
  }

  function args(): Record<string, Value> {
    const found: Record<string, Value> = {}
    if (!accept('(')) return found
    while (!accept(')')) {
      const key = name()
      expect(':')
      found[key] = value()
    }
    return found
  }

  function selections(): Selection[] {
    const found: Selection[] = []
    if (!accept('{')) return found
    while (!accept('}')) found.push(selection())
    return found
  }

  function selection(): Selection {
    if (accept('...')) {
      if (accept('on')) return { kind: 'fragment', on: name(), selections: selections() }
      if (peek() === '{') return { kind: 'fragment', selections: selections() }
      return { kind: 'fragment', spread: name(), selections: [] }
    }
    const first = name()
    const field = accept(':') ? name() : first
    return { kind: 'field', name: field, alias: first, args: args(), selections: selections() }
  }

  function variables(): OperationDefinition['variables'] {
    const found: { name: string; required: boolean; usual?: Value }[] = []
    if (!accept('(')) return found
    while (!accept(')')) {
      expect('$')
      const variable = name()
      expect(':')
      let required = false
      // The type: `[Name!]!`. Only whether it must be given matters here.
      while (/^[\w![\]]+$/.test(peek())) required = next() === '!'
      const usual = accept('=') ? value() : undefined
      found.push({ name: variable, required: required && usual === undefined, ...(usual !== undefined && { usual }) })
    }
    return found
  }

  const operations: OperationDefinition[] = []
  const fragments = new Map<string, Extract<Selection, { kind: 'fragment' }>>()
  while (at < tokens.length) {
    if (accept('fragment')) {
      const key = name()
      expect('on')
      fragments.set(key, { kind: 'fragment', on: name(), selections: selections() })
    } else {
      const type = peek() === '{' ? 'query' : next()
      if (type !== 'query' && type !== 'mutation') throw new SyntaxError(`Parse error on ${JSON.stringify(type)}`)
      const named = /^[_A-Za-z]/.test(peek()) ? { name: name() } : {}
      operations.push({ type, ...named, variables: variables(), selections: selections() })
    }
  }
  return { operations, fragments }
}
