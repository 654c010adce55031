import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml'
import { fault } from '../core/errors.ts'
import { formatPath } from './issue.ts'
import type { ValuePath } from './issue.ts'

interface Place {
  readonly line: number
  readonly column: number
}

export interface YamlSource {
  /** Plain data: mappings, lists, strings, numbers, booleans, null. */
  readonly value: unknown
  /** Where a value stands: at its key, or, where the path leads to nothing, at the innermost part that exists. */
  readonly locate: (path: ValuePath) => Place
}

/** Nobody writes so many by hand; a file that does wants to blow up memory. */
const maxAliases = 100

/**
 * Reads YAML 1.2 (core schema) that nobody has reviewed. Throws `HIVE_CONFIG_SYNTAX` with line and column for
 * anything but one document of plain data: custom tags, repeated keys, and aliases beyond reason are refused.
 */
export function parseYaml(text: string, path: string): YamlSource {
  const lines = new LineCounter()
  const refuse = (offset: number, problem: string): never => {
    const { line, col } = lines.linePos(offset)
    throw fault('HIVE_CONFIG_SYNTAX', { path, line: Math.max(line, 1), column: Math.max(col, 1), problem })
  }
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      stringKeys: true,
      // The library compares each key with all before it: 1 MiB of keys would take minutes. `survey` uses sets.
      uniqueKeys: false,
      prettyErrors: false,
      // Not 'silent': that would also let a second document pass unread.
      logLevel: 'error',
      lineCounter: lines,
    })
    // Warnings are about tags and directives that would be guessed at.
    const [mistake] = [...document.errors, ...document.warnings]
    if (mistake !== undefined) refuse(mistake.pos[0], problemOf(mistake.message))
    if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
      refuse(0, 'found another YAML version, wanted 1.2')
    }
    const targets = survey(document, refuse)
    return {
      value: document.toJS({ maxAliasCount: maxAliases }) as unknown,
      locate: locator(document, { lines, targets }),
    }
  } catch (error) {
    // Thrown by the library itself: its alias bound, or the call stack at ten thousand brackets in a row.
    if (error instanceof ReferenceError) return refuse(0, 'found aliases that multiply beyond reason')
    if (error instanceof RangeError) return refuse(0, 'found nesting that is too deep')
    throw error
  }
}

type Refuse = (offset: number, problem: string) => never
type AliasTargets = ReadonlyMap<Alias, Node>

/** One walk over the tree: refuses repeated keys and too many aliases, and notes what each alias stands for. */
function survey(document: Document, refuse: Refuse): AliasTargets {
  const targets = new Map<Alias, Node>()
  const anchors = new Map<string, Node>()
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target === undefined)
          return refuse(offsetOf(node), `found the alias ${node.source} without an anchor above`)
        targets.set(node, target)
        if (targets.size > maxAliases) refuse(offsetOf(node), `found more than ${maxAliases} aliases, wanted fewer`)
      } else if (typeof node.anchor === 'string') {
        anchors.set(node.anchor, node)
      }
      if (isMap(node)) refuseRepeatedKeys(node, refuse)
    },
  })
  return targets
}

function refuseRepeatedKeys(map: YAMLMap, refuse: Refuse): void {
  const seen = new Set<string>()
  for (const pair of map.items) {
    const key = keyOf(pair)
    // Assigning this key changes an object's kind instead of its content, so readers pass over it in silence.
    if (key === '__proto__') refuse(offsetOf(pair.key), 'found the key __proto__, wanted another name')
    if (seen.has(key))
      refuse(offsetOf(pair.key), `found the key ${formatPath([key])} twice in one mapping, wanted it once`)
    seen.add(key)
  }
}

function locator(document: Document, tools: { lines: LineCounter; targets: AliasTargets }): YamlSource['locate'] {
  // A file full of unknown keys asks for each of them: looked up, not searched.
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>()
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    let index = indexes.get(map)
    if (index === undefined) {
      index = new Map(map.items.map((pair) => [keyOf(pair), pair]))
      indexes.set(map, index)
    }
    return index.get(key)
  }
  return (path) => {
    let node: unknown = document.contents
    let offset = offsetOf(node)
    for (const segment of path) {
      if (isAlias(node)) node = tools.targets.get(node)
      if (isMap(node)) {
        const pair = pairOf(node, String(segment))
        if (pair === undefined) break
        offset = offsetOf(pair.key, offset)
        node = pair.value
      } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
        node = node.items[segment]
        offset = offsetOf(node, offset)
      } else {
        break
      }
    }
    const { line, col } = tools.lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

function offsetOf(node: unknown, otherwise = 0): number {
  if (node === null || typeof node !== 'object' || !('range' in node) || !Array.isArray(node.range)) return otherwise
  const [start] = node.range as readonly unknown[]
  return typeof start === 'number' ? start : otherwise
}

function problemOf(message: string): string {
  if (message.includes('call stack')) return 'found nesting that is too deep'
  return message.split('\n', 1)[0] ?? message
}
