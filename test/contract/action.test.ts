import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { inputs, outputs } from '../../src/action/registry.ts'
import { commandUsage } from '../../src/coordination/comments.ts'
import { refusalTexts } from '../../src/coordination/refusals.ts'
import { coordinationPermissions } from '../e2e/action/stage.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Described {
  readonly description: string
  readonly default?: string
}

test('action.yml declares exactly the inputs and outputs of the code', () => {
  const action = parse(read('action.yml')) as {
    readonly inputs: Readonly<Record<string, Described>>
    readonly outputs: Readonly<Record<string, Described>>
    readonly runs: unknown
  }
  const declared = Object.entries(action.inputs).map(([name, input]) => [
    name,
    { description: input.description, default: input.default },
  ])
  expect(Object.fromEntries(declared)).toEqual(inputs)
  expect(action.outputs).toEqual(outputs)
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.js' })
})

test('no code reads an input or writes an output but through the registry', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const reading = files.filter((name) => /INPUT_|GITHUB_OUTPUT/.test(read(join('src', name))))
  expect(reading).toEqual(['action/runner-io.ts'])
})

/** First column of the table under a heading. */
function documented(heading: string): string[] {
  const section =
    read('docs/github.md')
      .split(new RegExp(`^#+ ${heading}$`, 'm'))[1]
      ?.split(/^## /m)[0] ?? ''
  return [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
}

test('docs/github.md lists every input, output, command and refusal, and no other', () => {
  expect(documented('Inputs')).toEqual(Object.keys(inputs))
  expect(documented('Outputs')).toEqual(Object.keys(outputs))
  expect(documented('Commands').filter((name) => name.startsWith('/'))).toEqual(
    Object.values(commandUsage).map(({ usage }) => usage),
  )
  expect(documented('When an approval counts').sort()).toEqual(Object.keys(refusalTexts).sort())
})

test('documented rules of commands are those of /help', () => {
  for (const { usage, rule } of Object.values(commandUsage))
    expect(read('docs/github.md')).toContain(`| \`${usage}\` | ${rule} |`)
})

interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: Readonly<Record<string, string>>; readonly steps?: readonly Step[] }>
  >
}

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

const workflows = readdirSync(join(root, '.github/workflows'))

test.each(workflows)('%s grants nothing to all jobs and pins what it uses', (name) => {
  const text = read(join('.github/workflows', name))
  const workflow = parse(text) as Workflow
  expect(workflow.permissions).toEqual({})
  for (const [, reference = ''] of text.matchAll(/^ +(?:- )?uses: (\S+)/gm)) {
    expect(reference).toMatch(/^\.\/|@[0-9a-f]{40}$/)
  }
})

test('the scenarios hold exactly the permissions of the coordination job', () => {
  const { jobs } = parse(read('.github/workflows/coordination.yml')) as Workflow
  expect(jobs['fold']?.permissions).toEqual(coordinationPermissions)
})

test('the job that runs a pull request’s code cannot write, and the one that can never checks it out', () => {
  const gates = parse(read('.github/workflows/gates.yml')) as Workflow
  expect(Object.values(gates.jobs).map(({ permissions }) => permissions)).toEqual([{ contents: 'read' }])
  for (const step of gates.jobs['gates']?.steps ?? []) {
    if (step.uses?.startsWith('actions/checkout@') === true) expect(step.with?.['persist-credentials']).toBe(false)
    expect(step.with?.['token']).toBeUndefined()
  }
  const text = read('.github/workflows/coordination.yml')
  expect(text).not.toMatch(/pull_request\.head|head_sha|head_ref|github\.head/)
})

/** Bytes of the chunks that a start loads: the entry, what it imports, and the lazy chunks of a mode. */
function loadedBytes(lazy: readonly string[]): number {
  const folder = join(root, 'dist/action')
  const seen = new Map<string, number>()
  const load = (path: string): void => {
    if (seen.has(path)) return
    const code = readFileSync(path, 'utf8')
    seen.set(path, Buffer.byteLength(code))
    for (const [, target = ''] of code.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g))
      load(join(dirname(path), target))
  }
  const entry = join(folder, 'index.js')
  load(entry)
  for (const [, target = ''] of readFileSync(entry, 'utf8').matchAll(/import\(["'`](\.[^"'`]+)["'`]\)/g)) {
    if (lazy.some((name) => target.includes(`/${name}-`))) load(join(folder, target))
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0)
}

test('a comment loads at most 400 kB, one without a command far less, and neither loads a driver', () => {
  expect(existsSync(join(root, 'dist/action/index.js')), 'run npm run build first').toBe(true)
  const command = loadedBytes(['command', 'scene'])
  const nothing = loadedBytes([])
  expect(command).toBeGreaterThan(200_000)
  expect(command).toBeLessThanOrEqual(400_000)
  expect(nothing).toBeLessThanOrEqual(100_000)
})
