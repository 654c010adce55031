import type { Mapping } from './conversions.ts'
import { tokenize, type Token } from './create-statement.ts'

/** A column as an expression may use it. */
interface ExpressionColumn {
  /** Quoted PostgreSQL name. */
  readonly sql: string
  readonly mapping: Mapping
}

/** By lower-case SQLite name. */
export type ExpressionColumns = ReadonlyMap<string, ExpressionColumn>

type Kind = 'number' | 'text'

const logicWords = new Set(['AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'IS', 'NULL'])
const orderSymbols = new Set(['<', '<=', '>', '>='])
const otherSymbols = new Set(['=', '==', '<>', '!=', '(', ')', ','])
const arithmetic = new Set(['+', '-'])

/**
 * Translates a CHECK or the predicate of a partial index where its meaning is certain: comparisons of columns with
 * literals of their own kind, joined by AND, OR, NOT. Everything else (functions, LIKE, arithmetic on text, mixed
 * kinds) gives `undefined`, because SQLite and PostgreSQL may disagree.
 */
export function translateCondition(sql: string, columns: ExpressionColumns): string | undefined {
  const tokens = tokenize(sql)
  const kinds = new Set<Kind>()
  const words: string[] = []
  let ordered = false
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token === undefined) break
    const measured = lengthOf(tokens, index, columns)
    if (measured !== undefined) {
      words.push(measured)
      kinds.add('number')
      index += 3
      continue
    }
    const part = translateToken(token, columns)
    if (part === undefined) return undefined
    if (part.kind !== undefined) kinds.add(part.kind)
    if (token.kind === 'symbol' && (orderSymbols.has(token.text) || arithmetic.has(token.text))) ordered = true
    if (token.kind === 'word' && token.text.toUpperCase() === 'BETWEEN') ordered = true
    words.push(part.sql)
  }
  // Order of texts depends on the collation, and one kind at a time keeps every comparison inside its type.
  if (words.length === 0 || kinds.size > 1 || (ordered && kinds.has('text'))) return undefined
  return isComparison(tokens) && isBalanced(tokens) ? words.join(' ') : undefined
}

function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0
  for (const { kind, text } of tokens) {
    if (kind === 'symbol' && text === '(') depth += 1
    else if (kind === 'symbol' && text === ')' && (depth -= 1) < 0) return false
  }
  return depth === 0
}

/** A bare value (`CHECK (flag)`) is a truth value in SQLite only: something must be compared on each side of AND and OR. */
function isComparison(tokens: readonly Token[]): boolean {
  let compared = false
  let between = false
  for (const [index, { kind, text }] of tokens.entries()) {
    const word = kind === 'word' ? text.toUpperCase() : ''
    // `a IS 5` is SQLite's own.
    if (
      word === 'IS' &&
      !/^(NULL|NOT NULL)/i.test(`${tokens[index + 1]?.text ?? ''} ${tokens[index + 2]?.text ?? ''}`)
    ) {
      return false
    }
    if (word === 'BETWEEN') between = compared = true
    else if (word === 'IN' || word === 'IS') compared = true
    else if (kind === 'symbol' && /^(<|<=|>|>=|=|==|<>|!=)$/.test(text)) compared = true
    else if (word === 'AND' && between) between = false
    else if (word === 'AND' || word === 'OR') {
      if (!compared) return false
      compared = false
    }
  }
  return compared
}

function translateToken(token: Token, columns: ExpressionColumns): { sql: string; kind?: Kind } | undefined {
  switch (token.kind) {
    case 'string':
      return token.text.includes('\0') ? undefined : { sql: textLiteral(token.text), kind: 'text' }
    case 'number':
      return /^(0[xX]|.*_)/.test(token.text) ? undefined : { sql: token.text, kind: 'number' }
    case 'symbol':
      if (token.text === '==') return { sql: '=' }
      return orderSymbols.has(token.text) || otherSymbols.has(token.text) || arithmetic.has(token.text)
        ? { sql: token.text }
        : undefined
    case 'word':
      if (logicWords.has(token.text.toUpperCase())) return { sql: token.text.toUpperCase() }
      return columnReference(token.text, columns)
    case 'quoted':
      return columnReference(token.text, columns)
    case 'blob':
      return undefined
  }
}

function columnReference(name: string, columns: ExpressionColumns): { sql: string; kind?: Kind } | undefined {
  const column = columns.get(name.toLowerCase())
  if (column === undefined) return undefined
  const kind = kindOf(column.mapping)
  return kind === undefined ? undefined : { sql: column.sql, kind }
}

function kindOf(mapping: Mapping): Kind | undefined {
  if (mapping.conversion === 'identity' && mapping.type === 'text') return 'text'
  const numeric = mapping.type === 'bigint' || mapping.type === 'double precision' || mapping.type === 'numeric'
  return numeric && (mapping.conversion === 'identity' || mapping.conversion === 'decimal') ? 'number' : undefined
}

/** `length(column)` of a text column: characters in both. */
function lengthOf(tokens: readonly Token[], index: number, columns: ExpressionColumns): string | undefined {
  const [name, open, argument, close] = tokens.slice(index, index + 4)
  if (name?.kind !== 'word' || name.text.toLowerCase() !== 'length') return undefined
  if (open?.text !== '(' || close?.text !== ')' || argument === undefined) return undefined
  const column = columns.get(argument.text.toLowerCase())
  if (column?.mapping.type !== 'text' || column.mapping.conversion !== 'identity') return undefined
  return `length(${column.sql})`
}

/** An SQL string literal that does not depend on `standard_conforming_strings`. */
function textLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}

/** Translates a column default where its meaning is certain; `undefined` where it is not. */
export function translateDefault(sql: string, mapping: Mapping): string | undefined {
  const tokens = tokenize(sql).filter(({ kind, text }) => !(kind === 'symbol' && (text === '(' || text === ')')))
  const [first, second] = tokens
  if (first === undefined) return undefined
  if (tokens.length === 1 && first.kind === 'word') return wordDefault(first.text.toUpperCase(), mapping)
  if (tokens.length === 1 && first.kind === 'number') return numberDefault(first.text, mapping)
  if (tokens.length === 1 && (first.kind === 'string' || first.kind === 'quoted'))
    return textDefault(first.text, mapping)
  if (tokens.length === 2 && second?.kind === 'number' && (first.text === '-' || first.text === '+')) {
    return numberDefault(first.text === '-' ? `-${second.text}` : second.text, mapping)
  }
  const call = tokens.map(({ text }) => text.toLowerCase()).join(' ')
  return call === 'datetime now' ? wordDefault('CURRENT_TIMESTAMP', mapping) : undefined
}

function wordDefault(word: string, mapping: Mapping): string | undefined {
  if (word === 'NULL') return 'NULL'
  if (word === 'TRUE') return numberDefault('1', mapping)
  if (word === 'FALSE') return numberDefault('0', mapping)
  const isText = mapping.type === 'text'
  const utc = "statement_timestamp() AT TIME ZONE 'UTC'"
  switch (word) {
    case 'CURRENT_TIMESTAMP':
      if (isText) return `to_char(${utc}, 'YYYY-MM-DD HH24:MI:SS')`
      return mapping.type === 'timestamp' ? `date_trunc('second', ${utc})` : undefined
    case 'CURRENT_DATE':
      if (isText) return `to_char(${utc}, 'YYYY-MM-DD')`
      return mapping.type === 'date' ? `(${utc})::date` : undefined
    case 'CURRENT_TIME':
      return isText ? `to_char(${utc}, 'HH24:MI:SS')` : undefined
    default:
      return undefined
  }
}

function numberDefault(text: string, mapping: Mapping): string | undefined {
  const integer = /^-?\d{1,18}$/.test(text)
  const decimal = /^-?(\d+(\.\d*)?|\.\d+)$/.test(text)
  switch (mapping.type) {
    case 'bigint':
    case 'integer':
    case 'smallint':
      return integer ? text : undefined
    case 'double precision':
    case 'numeric':
      return decimal ? text : undefined
    case 'boolean':
      return text === '1' ? 'true' : text === '0' ? 'false' : undefined
    case 'text':
      return integer ? textLiteral(String(BigInt(text))) : undefined
    default:
      return undefined
  }
}

function textDefault(text: string, mapping: Mapping): string | undefined {
  if (mapping.type === 'text') return text.includes('\0') ? undefined : textLiteral(text)
  if (mapping.type === 'json') return isJson(text) ? textLiteral(text) : undefined
  if (mapping.type === 'bigint' || mapping.type === 'boolean') return numberDefault(text, mapping)
  return undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
