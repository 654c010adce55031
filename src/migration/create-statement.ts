/**
 * Reads from a CREATE TABLE statement what SQLite's pragmas do not tell: CHECKs, collations of columns, expressions of
 * generated columns, and which foreign keys are deferred.
 */
export interface CreateStatement {
  readonly checks: readonly { readonly name?: string; readonly expression: string }[]
  /** By lower-case column name. */
  readonly collations: ReadonlyMap<string, string>
  readonly generated: ReadonlyMap<string, string>
  /** One entry for each REFERENCES, in the order of the statement. */
  readonly deferred: readonly boolean[]
}

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'blob' | 'symbol'
  /** As written, but identifiers and strings without their quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const tokenPattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<blob>[xX]'[0-9a-fA-F]*')|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<number>0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<symbol>->>|->|<>|<=|>=|==|!=|\|\||<<|>>|[\s\S])/gy

/** Splits SQL into tokens; comments and white space are left out. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(tokenPattern)) {
    const groups = match.groups ?? {}
    const start = match.index
    const end = start + match[0].length
    const add = (kind: Token['kind'], text: string): void => void tokens.push({ kind, text, start, end })
    if (groups['blob'] !== undefined) add('blob', match[0].slice(2, -1))
    else if (groups['string'] !== undefined) add('string', match[0].slice(1, -1).replaceAll("''", "'"))
    else if (groups['quoted'] !== undefined) add('quoted', unquote(match[0]))
    else if (groups['number'] !== undefined) add('number', match[0])
    else if (groups['word'] !== undefined) add('word', match[0])
    else if (groups['symbol'] !== undefined) add('symbol', match[0])
  }
  return tokens
}

function unquote(text: string): string {
  const quote = text.charAt(0)
  const inner = text.slice(1, -1)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase())
}

/** Reads a statement that SQLite itself accepted; anything unknown is passed over. */
export function readCreateStatement(sql: string): CreateStatement {
  const tokens = tokenize(sql)
  const checks: { name?: string; expression: string }[] = []
  const collations = new Map<string, string>()
  const generated = new Map<string, string>()
  const deferred: boolean[] = []
  let depth = 0
  let column: string | undefined
  let startsItem = false
  let constraintName: string | undefined
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token === undefined) break
    if (token.kind === 'symbol') {
      if (token.text === '(') {
        depth += 1
        startsItem = depth === 1
      } else if (token.text === ')') depth -= 1
      else if (token.text === ',' && depth === 1) {
        startsItem = true
        constraintName = undefined
      }
      continue
    }
    if (depth !== 1) continue
    if (startsItem) {
      startsItem = false
      const isConstraint = isWord(token, 'CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN')
      column = isConstraint ? undefined : token.text.toLowerCase()
      if (!isConstraint) continue
    }
    if (isWord(token, 'CONSTRAINT')) {
      constraintName = tokens[index + 1]?.text
      index += 1
    } else if (isWord(token, 'COLLATE') && column !== undefined) {
      collations.set(column, (tokens[index + 1]?.text ?? 'BINARY').toUpperCase())
      index += 1
    } else if (isWord(token, 'CHECK', 'AS') && tokens[index + 1]?.text === '(') {
      const close = closingParenthesis(tokens, index + 1)
      const expression = sql.slice(tokens[index + 1]?.end, tokens[close]?.start).trim()
      if (isWord(token, 'AS')) {
        if (column !== undefined) generated.set(column, expression)
      } else checks.push({ ...(constraintName === undefined ? {} : { name: constraintName }), expression })
      index = close
      constraintName = undefined
    } else if (isWord(token, 'REFERENCES')) deferred.push(false)
    else if (isWord(token, 'DEFERRABLE') && isWord(tokens[index + 2], 'DEFERRED')) {
      if (!isWord(tokens[index - 1], 'NOT') && deferred.length > 0) deferred[deferred.length - 1] = true
    } else if (isWord(token, 'DEFAULT') && tokens[index + 1]?.text === '(') {
      index = closingParenthesis(tokens, index + 1)
    }
  }
  return { checks, collations, generated, deferred }
}

function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token?.kind !== 'symbol') continue
    if (token.text === '(') depth += 1
    else if (token.text === ')' && (depth -= 1) === 0) return index
  }
  return tokens.length - 1
}

/** The text after the last WHERE at the outermost level of a CREATE INDEX statement. */
export function readIndexPredicate(sql: string): string | undefined {
  let depth = 0
  for (const token of tokenize(sql)) {
    if (token.text === '(' && token.kind === 'symbol') depth += 1
    else if (token.text === ')' && token.kind === 'symbol') depth -= 1
    else if (depth === 0 && isWord(token, 'WHERE')) return sql.slice(token.end).trim()
  }
  return undefined
}
