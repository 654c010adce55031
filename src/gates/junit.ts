import { XMLParser } from 'fast-xml-parser'

/** One test case of a JUnit XML file. */
export interface TestCase {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly message?: string
  readonly file?: string
  readonly line?: number
}

export type JunitReading =
  | { readonly kind: 'read'; readonly cases: readonly TestCase[] }
  | { readonly kind: 'unreadable'; readonly why: string }

type Node = Readonly<Record<string, unknown>>

// Entities stay as they are (no expansion), so that a hostile file cannot blow up.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  parseAttributeValue: false,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
})

const maxBytes = 32 * 1024 * 1024

/** Reads the test cases of a JUnit XML document, whatever runner wrote it. */
export function readJunit(xml: string): JunitReading {
  if (xml.length > maxBytes) return { kind: 'unreadable', why: `larger than ${maxBytes / 1024 / 1024} MiB` }
  let root: Node
  try {
    root = parser.parse(xml, true) as Node
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) }
  }
  if (root['testsuites'] === undefined && root['testsuite'] === undefined) {
    return { kind: 'unreadable', why: 'no testsuite element' }
  }
  return { kind: 'read', cases: collect(root) }
}

function collect(node: Node): TestCase[] {
  const suites = [...children(node, 'testsuites'), ...children(node, 'testsuite')]
  return [...children(node, 'testcase').map(toCase), ...suites.flatMap((suite) => collect(suite))]
}

function children(node: Node, name: string): Node[] {
  const value = node[name]
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.filter((item): item is Node => item !== null && typeof item === 'object')
}

function toCase(node: Node): TestCase {
  const broken = firstOf(node, 'failure') ?? firstOf(node, 'error')
  const className = textOf(node['@classname'])
  const title = textOf(node['@name']) ?? 'unnamed'
  const file = textOf(node['@file'])
  const line = Number(textOf(node['@line']))
  return {
    name: className === undefined || className === 'test' ? title : `${className}: ${title}`,
    status: broken !== undefined ? 'failed' : node['skipped'] === undefined ? 'passed' : 'skipped',
    ...(broken === undefined ? {} : { message: broken.slice(0, 1_000) }),
    ...(file === undefined ? {} : { file }),
    ...(Number.isInteger(line) && line > 0 ? { line } : {}),
  }
}

/** The message of the first failure or error; an empty element counts as one as well. */
function firstOf(node: Node, name: string): string | undefined {
  const value = node[name]
  if (value === undefined) return undefined
  const first: unknown = Array.isArray(value) ? value[0] : value
  if (typeof first !== 'object' || first === null) return textOf(first) ?? name
  return textOf((first as Node)['@message']) ?? textOf((first as Node)['#text']) ?? name
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? decodeEntities(value) : undefined
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
